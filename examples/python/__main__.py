import pulumi
import pulumi_datadog_findings as findings

open_findings = findings.get_findings_output(query="@status:open @severity:critical team:payments")

payments_critical = findings.FindingsAssignment(
    "payments-critical",
    assignee="payments-lead@example.com",
    finding_ids=open_findings.apply(lambda found: [each.id for each in found.findings]),
)

owners = findings.FindingsOwnership(
    "owners",
    scope="@status:open",
    exclude=payments_critical.finding_ids,
    rules=[
        findings.OwnershipRuleArgs(
            name="payments", query="team:payments", assignee="payments-lead@example.com"
        ),
        findings.OwnershipRuleArgs(name="everything-else", query="*", assignee="security-duty@example.com"),
    ],
)

pulumi.export("lastUpdateAssigned", owners.total)
