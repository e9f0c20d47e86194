import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import { SEARCH_TRUST_MS } from "../../provider/ownership/searchLag";
import { lintOwnership } from "../../provider/rules/lintOwnership";
import { type EmulatedFinding, seedFindings } from "../emulator";
import fc from "../support/fc";
import { OwnershipStack } from "../support/ownershipStack";

const teams = ["payments", "platform", "mobile"];
const severities = ["critical", "high", "medium", "low", "info"];

/** A condition as a plain function and, apart from it, as a query. */
interface Condition {
  readonly query: string;
  readonly holds: (finding: EmulatedFinding) => boolean;
}

const team = fc.constantFrom(...teams).map<Condition>((name) => ({
  query: `team:${name}`,
  holds: ({ tags }) => tags.includes(`team:${name}`),
}));
const severity = fc.subarray(severities, { minLength: 1 }).map<Condition>((among) => ({
  query: `@severity:(${among.join(" OR ")})`,
  holds: (finding) => among.includes(finding.severity),
}));
const status = fc.constant<Condition>({
  query: "@status:open",
  holds: (finding) => finding.status === "open",
});
const simple = fc.oneof(team, severity, status);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  simple,
  fc.constant<Condition>({ query: "*", holds: () => true }),
  simple.map<Condition>((one) => ({ query: `-${one.query}`, holds: (finding) => !one.holds(finding) })),
  fc.tuple(simple, simple).map<Condition>(([one, two]) => ({
    query: `${one.query} OR ${two.query}`,
    holds: (finding) => one.holds(finding) || two.holds(finding),
  })),
  fc.tuple(simple, simple).map<Condition>(([one, two]) => ({
    query: `${one.query} ${two.query}`,
    holds: (finding) => one.holds(finding) && two.holds(finding),
  })),
);
const rules = fc.uniqueArray(fc.record({ condition, owner: fc.nat(3), overwrite: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
  selector: (rule) => rule.condition.query,
});

/** Names from a small pool, so that rules stay, change, move and go from one deployment to the next. */
const namedRules = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("one", "two", "three", "four", "five"),
    condition,
    owner: fc.nat(3),
    overwrite: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4, selector: ({ name }) => name },
);

const deploymentFields = {
  rules: namedRules,
  scope: fc.option(condition),
  excluded: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
  byHand: fc.array(fc.tuple(fc.nat(39), fc.option(fc.nat(5))), { maxLength: 8 }),
  releaseRemoved: fc.boolean(),
};
const deployment = fc.record(deploymentFields);

/** A FindingsAssignment beside the rules: which findings, and whose. */
const pinned = fc.record({ among: fc.uniqueArray(fc.nat(39), { maxLength: 12 }), owner: fc.nat(3) });

const mixedDeployment = fc.record({
  ...deploymentFields,
  pins: fc.option(pinned),
  /** Whether the rules exclude what is pinned, which makes them wait for it. */
  waits: fc.boolean(),
});

/**
 * Without the rules that are refused as out of reach: they can be left out, and nothing is another's for it.
 */
function reachable<Rule extends { readonly condition: Condition }>(
  drawn: readonly Rule[],
  scope: Condition | null,
): Rule[] {
  const declared = drawn.map(({ condition: { query } }, index) => ({
    name: `rule ${index}`,
    query,
    assignee: "ada@example.com",
  }));
  const refused = lintOwnership({ rules: declared, scope: scope?.query }, { day: "2026-11-26" })
    .filter(({ code, severity: how }) => code === "unreachable" && how === "error")
    .map(({ path }) => path[1]);
  return drawn.filter((_, index) => !refused.includes(index));
}

describe("ownership under random rules and findings", () => {
  it("first match wins; nothing outside of the scope, excluded, or somebody else's where overwrite is off is touched", async () => {
    await fc.assert(
      fc.asyncProperty(
        rules,
        fc.option(condition),
        fc.array(fc.nat(59), { maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(59), fc.nat(5)), { maxLength: 15 }),
        fc.nat(1_000),
        async (drawn, scope, excluded, byHand, seed) => {
          const findings = seedFindings({ count: 60, seed, teams });
          const stack = new OwnershipStack(findings);
          const user = (index: number) => stack.idOf(stack.email(index));
          for (const [index, owner] of byHand)
            stack.emulator.reassignByHand(findings[index]?.id ?? "", user(owner));
          const before = stack.emulator.owners();
          const exclude = excluded.map((index) => findings[index]?.id ?? "");
          await stack.up({
            rules: reachable(drawn, scope).map((rule, index) => ({
              name: `rule ${index}`,
              query: rule.condition.query,
              assignee: stack.email(rule.owner),
              overwrite: rule.overwrite,
            })),
            ...(scope && { scope: scope.query }),
            exclude,
          });
          for (const finding of findings) {
            const owner = before.get(finding.id) ?? null;
            const rule = drawn.find(({ condition: each }) => each.holds(finding));
            const covered = rule && (!scope || scope.holds(finding)) && !exclude.includes(finding.id);
            const expected = covered && (owner === null || rule.overwrite) ? user(rule.owner) : owner;
            assert.equal(stack.emulator.ownerOf(finding.id), expected, JSON.stringify(finding));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("so do later deployments with other rules, excludes and changes by hand between them: a rule takes what nobody owns and what an earlier rule still had given", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(deployment, { minLength: 2, maxLength: 4 }),
        fc.nat(1_000),
        async (story, seed) => {
          const findings = seedFindings({ count: 40, seed, teams });
          const stack = new OwnershipStack(findings, { searchLagMs: SEARCH_LAG_MS - 1 });
          const user = (index: number) => stack.idOf(stack.email(index));
          const reference = new Reference(findings, user);
          for (const { rules: all, scope, excluded, byHand, releaseRemoved } of story) {
            const drawn = reachable(all, scope);
            await stack.wait(SEARCH_TRUST_MS);
            for (const [index, owner] of byHand) {
              const id = findings[index]?.id ?? "";
              stack.emulator.reassignByHand(id, owner === null ? null : user(owner));
              reference.give(id, owner === null ? null : user(owner));
            }
            await stack.wait(SEARCH_LAG_MS);
            const exclude = excluded.map((index) => findings[index]?.id ?? "");
            await stack.up({ ...argsOf(stack, { rules: drawn, scope, exclude }), releaseRemoved });
            reference.deploy({ rules: drawn, scope, exclude, releaseRemoved });
            assert.deepEqual(stack.emulator.owners(), reference.owners);
          }
          await stack.wait(SEARCH_TRUST_MS);
          await stack.destroy();
          reference.destroy();
          assert.deepEqual(stack.emulator.owners(), reference.owners);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("so does what FindingsAssignments pin and let go of beside the rules: it goes over in the same up, to whom a rule gives it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mixedDeployment, { minLength: 2, maxLength: 4 }),
        fc.nat(1_000),
        fc.nat(100),
        fc.nat(400),
        async (story, seed, latencyMs, staggerMs) => {
          const findings = seedFindings({ count: 40, seed, teams });
          const stack = new OwnershipStack(findings, { searchLagMs: SEARCH_LAG_MS - 1, latencyMs });
          const user = (index: number) => stack.idOf(stack.email(index));
          const idsOf = (indices: readonly number[]) => indices.map((index) => findings[index]?.id ?? "");
          const reference = new Reference(findings, user);
          let last: Pins | undefined;
          for (const { rules: all, scope, excluded, byHand, pins: drawnPins, waits } of story) {
            const drawn = reachable(all, scope);
            const next = drawnPins && { ids: idsOf(drawnPins.among), owner: user(drawnPins.owner) };
            await stack.wait(SEARCH_TRUST_MS);
            for (const [index, owner] of byHand) {
              const [id = ""] = idsOf([index]);
              // what stays pinned is not looked at without a refresh
              if (last?.owner === next?.owner && last?.ids.includes(id) && next?.ids.includes(id)) continue;
              stack.emulator.reassignByHand(id, owner === null ? null : user(owner));
              reference.give(id, owner === null ? null : user(owner));
            }
            await stack.wait(SEARCH_LAG_MS);
            const exclude = [...new Set([...idsOf(excluded), ...(waits ? (next?.ids ?? []) : [])])];
            const security = argsOf(stack, { rules: drawn, scope, exclude });
            const pins = next && { findingIds: next.ids, assignee: next.owner };
            await stack.deploy({ ...(pins && { pins }), security }, { inOrder: waits, staggerMs });
            reference.pin(last, next ?? undefined);
            reference.deploy({ rules: drawn, scope, exclude, releaseRemoved: false }, next?.ids);
            assert.deepEqual(stack.emulator.owners(), reference.owners);
            last = next ?? undefined;
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

interface NamedRule {
  readonly name: string;
  readonly condition: Condition;
  readonly owner: number;
  readonly overwrite: boolean;
}

/** What a FindingsAssignment declares. */
interface Pins {
  readonly ids: readonly string[];
  readonly owner: string;
}

interface Declared {
  readonly rules: readonly NamedRule[];
  readonly scope: Condition | null;
  readonly exclude: readonly string[];
  readonly releaseRemoved: boolean;
}

/** What the program says. */
function argsOf(stack: OwnershipStack, { rules, scope, exclude }: Omit<Declared, "releaseRemoved">) {
  return {
    rules: rules.map(({ name, condition: { query }, owner, overwrite }) => ({
      name,
      query,
      assignee: stack.email(owner),
      overwrite,
    })),
    ...(scope && { scope: scope.query }),
    exclude,
  };
}

/** The rules as the README states them, on a list of findings, without any query. */
class Reference {
  readonly owners: Map<string, string | null>;
  #last: Declared | undefined;
  /** Earlier versions that still hold something which is not as the last one declares it. */
  #former: Declared[] = [];
  /** The version that the last deployment replaced: it is looked at once more, and taken from until then. */
  #replaced: Declared[] = [];
  /** The number of the deployment that replaced a version. */
  readonly #replacedIn = new Map<Declared, number>();
  /** The number of the deployment in which, or before which, a finding got its owner. */
  readonly #givenIn = new Map<string, number>();
  #deployments = 0;

  constructor(
    readonly findings: readonly EmulatedFinding[],
    readonly user: (index: number) => string,
  ) {
    this.owners = new Map(findings.map(({ id }) => [id, null]));
  }

  /** Somebody gives a finding to a user, after the last deployment. */
  give(id: string, owner: string | null): void {
    this.owners.set(id, owner);
    this.#givenIn.set(id, this.#deployments + 1);
  }

  /**
   * What is declared no more is nobody's, unless somebody has given it away; what is new goes to its owner.
   */
  pin(last: Pins | undefined, next: Pins | undefined): void {
    for (const id of last?.ids ?? []) {
      if (!next?.ids.includes(id) && this.owners.get(id) === last?.owner) this.give(id, null);
    }
    for (const id of next?.ids ?? []) {
      if (!last?.ids.includes(id) || last.owner !== next?.owner) this.give(id, next?.owner ?? null);
    }
  }

  /** @param pinned what a FindingsAssignment declares: no rule touches it */
  deploy(declared: Declared, pinned: readonly string[] = []): void {
    const last = this.#last;
    const versions = this.#versions();
    const isLeft = (version: Declared, finding: EmulatedFinding) =>
      this.#holds(version, finding) && !this.#claimant(declared, finding);
    const left = versions.map((version) => ({
      version,
      findings: this.findings.filter((finding) => isLeft(version, finding)),
    }));
    for (const finding of this.findings) {
      if (pinned.includes(finding.id)) continue;
      const owner = this.owners.get(finding.id) ?? null;
      const rule = this.#claimant(declared, finding);
      if (!rule) continue;
      const givers = [...(last ? [last] : []), ...this.#replaced].flatMap((version) => {
        const had = this.#ruleOf(version, finding);
        return had ? [this.user(had.owner)] : [];
      });
      if (owner === null || rule.overwrite || givers.includes(owner)) {
        if (owner !== this.user(rule.owner)) this.give(finding.id, this.user(rule.owner));
      }
    }
    if (declared.releaseRemoved) {
      for (const { id } of left.flatMap(({ findings }) => findings)) {
        if (!pinned.includes(id)) this.give(id, null);
      }
    }
    this.#deployments++;
    if (last && !isSame(last, declared)) this.#replacedIn.set(last, this.#deployments);
    this.#former = versions.filter((version) =>
      this.findings.some((finding) => this.#holds(version, finding) && !this.#holds(declared, finding)),
    );
    this.#replaced = last && !isSame(last, declared) ? [last] : [];
    this.#last = declared;
  }

  destroy(): void {
    const versions = this.#versions();
    for (const finding of this.findings) {
      if (versions.some((version) => this.#holds(version, finding))) this.owners.set(finding.id, null);
    }
  }

  /** All that are known, each once. */
  #versions(): Declared[] {
    return [...new Set([...(this.#last ? [this.#last] : []), ...this.#former, ...this.#replaced])];
  }

  /** Whether a version gives the finding to the owner who has it, and did so before it was replaced. */
  #holds(version: Declared, finding: EmulatedFinding): boolean {
    const replacedIn = this.#replacedIn.get(version) ?? Number.POSITIVE_INFINITY;
    if ((this.#givenIn.get(finding.id) ?? 0) > replacedIn) return false;
    const rule = this.#claimant(version, finding);
    return rule !== undefined && this.owners.get(finding.id) === this.user(rule.owner);
  }

  /** The rule that a finding belongs to, unless it is excluded. */
  #claimant(declared: Declared, finding: EmulatedFinding): NamedRule | undefined {
    return declared.exclude.includes(finding.id) ? undefined : this.#ruleOf(declared, finding);
  }

  #ruleOf({ rules: list, scope }: Declared, finding: EmulatedFinding): NamedRule | undefined {
    if (scope && !scope.holds(finding)) return undefined;
    return list.find(({ condition: { holds } }) => holds(finding));
  }
}

/** Whether two declarations give the same findings to the same owners, and exclude the same. */
function isSame(one: Declared, other: Declared): boolean {
  const textOf = ({ scope, rules, exclude }: Declared) =>
    JSON.stringify([scope?.query, rules.map(({ condition, owner }) => [condition.query, owner]), exclude]);
  return textOf(one) === textOf(other);
}
