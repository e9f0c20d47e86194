import { PolicyPack } from "@pulumi/policy";
import { findingsPolicies } from "pulumi-datadog-findings/policy";

// Everything here can be set without a change of the pack, too: by the organisation's policy group,
// or with `pulumi preview --policy-pack examples/policy-pack --policy-pack-config config.json`.
new PolicyPack("findings", {
  enforcementLevel: "mandatory",
  policies: findingsPolicies({
    // Anybody at example.com, any team of Datadog, and the two users whom examples/quickstart declares by their UUIDs.
    allowedOwners: {
      domains: ["example.com"],
      teams: ["*"],
      users: ["f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0", "9919ec9b-ebc7-49ee-8dc8-03626e717cca"],
    },
    maxAssignmentSize: { max: 1000 },
    // Low findings may stay without an owner; critical ones may not.
    requireFallbackRule: { fallback: ["@severity:critical"] },
    requireRuleNameAndNote: { enforcementLevel: "advisory" },
    // Whoever muted a finding keeps it.
    noOverwriteOnProtected: { query: "@status:muted" },
  }),
});
