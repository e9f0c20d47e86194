import { FindingsAssignment, FindingsOwnership, getFindings } from "pulumi-datadog-findings";

const teams = ["payments", "platform", "mobile"];

export = async () => {
  // Findings of one incident stay together with the person who handles it: rules leave them alone.
  const incident = await getFindings({ query: "@status:open @severity:critical team:identity", limit: 100 });
  const findingIds = incident.map(({ id }) => id);
  new FindingsAssignment("incident", {
    findingIds,
    assignee: "incident-lead@example.com",
    onMissing: "ignore",
  });

  const security = new FindingsOwnership("security", {
    scope: "@status:open",
    // The ids, not the list's output: an output is unknown in the first preview, which then has no plan.
    exclude: findingIds,
    maxChanges: 1500,
    rules: [
      ...teams.map((team) => ({
        name: team,
        query: `team:${team} @severity:(critical OR high)`,
        assignee: `${team}-lead@example.com`,
        note: `What team ${team} must not miss`,
      })),
      { name: "rest", query: "*", assignee: "security-duty@example.com", note: "What nobody claims" },
    ],
  });

  // What the last update of these rules assigned; findings that no rule takes and nobody owns.
  return { lastUpdateAssigned: security.total, unowned: security.unowned };
};
