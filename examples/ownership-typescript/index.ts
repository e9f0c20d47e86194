import { FindingsAssignment, FindingsOwnership, getFindings } from "pulumi-datadog-findings";

const teams = ["payments", "platform", "mobile"];

export = async () => {
  // Findings of one incident stay together with the person who handles it: rules leave them alone.
  const incident = await getFindings({ query: "@status:open @severity:critical team:identity", limit: 100 });
  const pinned = new FindingsAssignment("incident", {
    findingIds: incident.map(({ id }) => id),
    assignee: "incident-lead@example.com",
    onMissing: "ignore",
  });

  const security = new FindingsOwnership("security", {
    scope: "@status:open",
    exclude: pinned.findingIds,
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

  return { assigned: security.total, unowned: security.unowned };
};
