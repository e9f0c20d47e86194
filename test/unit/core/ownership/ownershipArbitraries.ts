import type { RuledFinding } from "../../../../provider/rules/assignRules";
import {
  type DeployedOwnership,
  type OwnershipContext,
  type OwnershipSpec,
  ownershipSpec,
} from "../../../../provider/rules/rule";
import type { FindingView } from "../../../emulator/findingStore";
import fc from "../../../support/fc";

export const USERS = [1, 2, 3, 4].map((digit) => `0000000${digit}-0000-4000-8000-000000000000`);
const TEAMS = ["a", "b", "c"];
const SEVERITIES = ["critical", "high", "low"];
const IDS = ["A==", "B-~=", "C", "D"];

const term = fc.constantFrom(
  ...SEVERITIES.map((severity) => `@severity:${severity}`),
  ...TEAMS.map((team) => `team:${team}`),
  "@severity:(critical OR high)",
  "team:*",
  "@severity:*i*",
  "*",
);

const query = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, depthIdentifier: "rule" },
    term,
    fc
      .tuple(tie("query"), fc.constantFrom(" ", " AND ", " OR "), tie("query"))
      .map((parts) => parts.join("")),
    tie("query").map((inner) => `-(${inner})`),
    tie("query").map((inner) => `(${inner})`),
  ),
})).query;

const scope = fc.option(query, { nil: undefined });
const user = fc.constantFrom(...USERS);

export interface Ownership {
  readonly spec: OwnershipSpec;
  readonly context: OwnershipContext;
}

/**
 * Rules as they were and as they are now: both from one pool, so that they were taken out, added, moved,
 * handed over.
 */
export const ownerships: fc.Arbitrary<Ownership> = fc
  .array(query, { minLength: 1, maxLength: 5 })
  .chain((queries) => {
    const pool = queries.map((each, index) => ({ name: `rule-${index}`, query: each }));
    const list = fc
      .shuffledSubarray(pool)
      .chain((rules) =>
        fc.tuple(
          ...rules.map((rule) =>
            fc.record({ rule: fc.constant(rule), ownerId: user, overwrite: fc.boolean() }),
          ),
        ),
      );
    const deployed: fc.Arbitrary<DeployedOwnership> = fc.record({
      scope,
      exclude: fc.subarray(IDS, { maxLength: 2 }),
      rules: list.map((rules) => rules.map(({ rule, ownerId }) => ({ ...rule, ownerIds: [ownerId] }))),
    });
    return fc.record({
      now: list,
      scope,
      exclude: fc.subarray(IDS, { maxLength: 2 }),
      deployed: fc.array(deployed, { maxLength: 2 }),
    });
  })
  .map(({ now, scope: within, exclude, deployed }) => ({
    spec: ownershipSpec({
      rules: now.map(({ rule, overwrite, ownerId }) => ({ ...rule, overwrite, assignee: ownerId })),
      scope: within,
      exclude,
      releaseRemoved: true,
    }),
    context: { ownerIds: now.map(({ ownerId }) => [ownerId]), deployed },
  }));

export interface TestFinding {
  readonly facts: RuledFinding;
  /** The same finding, as the emulator holds it. */
  readonly view: FindingView;
}

export const testFindings: fc.Arbitrary<TestFinding> = fc
  .record({
    id: fc.constantFrom(...IDS),
    severity: fc.constantFrom(...SEVERITIES),
    teams: fc.uniqueArray(fc.constantFrom(...TEAMS), { maxLength: 2 }),
    owner: fc.option(user),
  })
  .map(({ id, severity, teams, owner }) => testFinding(id, severity, teams, owner));

export function testFinding(
  id: string,
  severity: string,
  teams: readonly string[],
  owner: string | null,
): TestFinding {
  const tags = teams.map((team) => `team:${team}`);
  const attributes: Readonly<Record<string, string | null>> = {
    finding_id: id,
    severity,
    "workflow.triage.assignee.id": owner,
  };
  return {
    facts: {
      id,
      assigneeId: owner,
      tags,
      attribute: (path) => {
        const value = attributes[path];
        return value === undefined || value === null ? [] : [value];
      },
    },
    view: {
      finding: {
        id,
        severity,
        tags,
        status: "open",
        type: "misconfiguration",
        title: "A finding",
        resourceId: "r",
        resourceName: "r",
        resourceType: "bucket",
        detectedAt: 0,
      },
      assignee: owner === null ? null : { id: owner, name: owner, updatedAt: 0, updatedBy: owner },
    },
  };
}
