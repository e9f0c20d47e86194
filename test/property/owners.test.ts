import assert from "node:assert/strict";
import fc from "fast-check";
import { lintOwnership } from "../../provider/rules/lintOwnership";
import type { EmulatedFinding } from "../emulator";
import { OwnersStack } from "../support/ownersStack";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const TEAMS = ["red", "blue"];
/** Only they are on call, and nobody else; 5 and 6 may be disabled. */
const ON_CALL = [3, 4, 7];

type Form =
  | { readonly kind: "user"; readonly user: number }
  | { readonly kind: "spread"; readonly users: readonly number[] }
  | { readonly kind: "first"; readonly user: number; readonly team: string }
  | { readonly kind: "team"; readonly team: string }
  | { readonly kind: "onCall"; readonly team: string; readonly handOver: "keep" | "move" }
  | { readonly kind: "none" };

const team = fc.constantFrom(...TEAMS);
const form: fc.Arbitrary<Form> = fc.oneof(
  fc.record({ kind: fc.constant("user" as const), user: fc.nat(4) }),
  // 0 is never disabled, so there is always somebody
  fc.record({
    kind: fc.constant("spread" as const),
    users: fc.subarray([1, 2, 5, 6]).map((some) => [0, ...some]),
  }),
  fc.record({ kind: fc.constant("first" as const), user: fc.constantFrom(1, 5, 6), team }),
  fc.record({ kind: fc.constant("team" as const), team }),
  fc.record({
    kind: fc.constant("onCall" as const),
    team,
    handOver: fc.constantFrom("keep" as const, "move" as const),
  }),
  fc.record({ kind: fc.constant("none" as const) }),
);

const CONDITIONS: Readonly<Record<string, (finding: EmulatedFinding) => boolean>> = {
  "team:payments": ({ tags }) => tags.includes("team:payments"),
  "team:platform": ({ tags }) => tags.includes("team:platform"),
  "@severity:(critical OR high)": ({ severity }) => ["critical", "high"].includes(severity),
  "-@severity:low": ({ severity }) => severity !== "low",
  "*": () => true,
};

const rule = fc.record({
  name: fc.constantFrom("one", "two", "three", "four"),
  query: fc.constantFrom(...Object.keys(CONDITIONS)),
  owners: form,
  overwrite: fc.boolean(),
  /** Its last day, counted from the first of the story. */
  until: fc.option(fc.nat(4)),
});
type Rule = Readonly<typeof rule extends fc.Arbitrary<infer T> ? T : never>;

const step = fc.record({
  rules: fc.uniqueArray(rule, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  /** Of each team, beside 0, who is always a member. */
  members: fc.tuple(fc.subarray([1, 2, 3, 5, 6]), fc.subarray([2, 4, 5])),
  onCall: fc.tuple(fc.subarray(ON_CALL, { minLength: 1 }), fc.subarray(ON_CALL, { minLength: 1 })),
  disabled: fc.subarray([5, 6]),
  byHand: fc.array(fc.tuple(fc.nat(39), fc.option(fc.nat(9))), { maxLength: 6 }),
  days: fc.nat(2),
  same: fc.boolean(),
});
type Step = Readonly<typeof step extends fc.Arbitrary<infer T> ? T : never>;

/** Who is right and who gets findings, by number, as the README's table says it. */
function ownersOf(owners: Form, world: Step, given: readonly number[]) {
  const members = (name: string) =>
    [0, ...(world.members[TEAMS.indexOf(name)] ?? [])].filter((user) => !world.disabled.includes(user));
  const users = (right: readonly number[], takers = right) => ({ right, takers });
  switch (owners.kind) {
    case "user":
      return users([owners.user]);
    case "spread":
      return users(owners.users.filter((user) => !world.disabled.includes(user)));
    case "first":
      return users(world.disabled.includes(owners.user) ? members(owners.team) : [owners.user]);
    case "team":
      return users(members(owners.team));
    case "onCall": {
      const now = world.onCall[TEAMS.indexOf(owners.team)] ?? [];
      return owners.handOver === "move" ? users(now) : users([...members(owners.team), ...given], now);
    }
    case "none":
      return undefined;
  }
}

/** As a program writes it. */
function declared(stack: OwnersStack, { name, query, owners, overwrite, until }: Rule) {
  const written = {
    user: () => owners.kind === "user" && { assignee: stack.mail(owners.user) },
    spread: () => owners.kind === "spread" && { assignees: owners.users.map((user) => stack.mail(user)) },
    first: () =>
      owners.kind === "first" && {
        assignees: [stack.user(owners.user), `team:${owners.team}`],
        pick: "first",
      },
    team: () => owners.kind === "team" && { assignee: `team:${owners.team}` },
    onCall: () =>
      owners.kind === "onCall" && {
        assignee: `on-call:${owners.team}`,
        ...(owners.handOver === "move" && { handOver: "move" }),
      },
    none: () => ({ assignee: "none" }),
  }[owners.kind]();
  const day = until === null ? undefined : new Date(FIRST_DAY + until * DAY_MS).toISOString().slice(0, 10);
  return { name, query, ...written, overwrite, ...(day !== undefined && { until: day }) };
}

/** Without the rules that are refused as out of reach, whether they are in force or not. */
function reachable(stack: OwnersStack, drawn: readonly Rule[]): Rule[] {
  let kept: readonly Rule[] = [...drawn];
  for (;;) {
    const rules = kept.map(({ until, ...each }) => declared(stack, { ...each, until: null }));
    const refused = lintOwnership(
      {
        rules: rules.map((each) => ({
          ...each,
          assignee: "none",
          assignees: undefined,
          pick: undefined,
          handOver: undefined,
        })),
      },
      { day: "2026-01-01" },
    )
      .filter(({ code, severity }) => code === "unreachable" && severity === "error")
      .map(({ path }) => path[1]);
    if (refused.length === 0) return [...kept];
    kept = kept.filter((_, index) => !refused.includes(index));
  }
}

interface Deployed {
  readonly rules: readonly (Rule & { readonly right: readonly number[] })[];
}

describe("rules with owners of all forms, under random members, schedules, leavers and days", () => {
  it("give each finding to whom the table says, and touch nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (story) => {
        const stack = new OwnersStack({ findings: 40, users: 10 });
        const numberOf = (id: string | null) => (id === null ? null : stack.ids.indexOf(id));
        let last: Deployed | undefined;
        let program: readonly Rule[] = [];
        const given = new Map<string, number[]>();
        for (const world of story) {
          await stack.wait(world.days * DAY_MS + 20 * 60_000);
          for (const [index, handle] of TEAMS.entries()) {
            stack.team(handle, [0, ...(world.members[index] ?? [])], world.onCall[index]);
          }
          for (const index of [5, 6]) stack.disable(index, world.disabled.includes(index));
          for (const [index, owner] of world.byHand) {
            stack.emulator.reassignByHand(
              stack.findings[index]?.id ?? "",
              owner === null ? null : stack.user(owner),
            );
          }
          await stack.settle();
          if (!world.same || program.length === 0) program = reachable(stack, world.rules);
          const today = Math.floor((stack.clock.now() - FIRST_DAY) / DAY_MS);
          const inForce = program.filter(({ until }) => until === null || today <= until);
          const key = ({ owners }: Rule) => JSON.stringify(owners);
          const resolved = inForce.map((each) => ({
            ...each,
            who: ownersOf(each.owners, world, given.get(key(each)) ?? []),
          }));
          const before = new Map([...stack.emulator.owners()].map(([id, owner]) => [id, numberOf(owner)]));
          const { changed } = await stack.up({ rules: program.map((each) => declared(stack, each)) });
          const after = new Map([...stack.emulator.owners()].map(([id, owner]) => [id, numberOf(owner)]));
          for (const finding of stack.findings) {
            const owner = before.get(finding.id) ?? null;
            const own = resolved.find(({ query }) => CONDITIONS[query]?.(finding));
            const had = last?.rules.find(({ query }) => CONDITIONS[query]?.(finding));
            const namesake = last?.rules.find(({ name }) => name === own?.name);
            const former = [...(had?.right ?? []), ...(namesake?.right ?? [])];
            const now = after.get(finding.id) ?? null;
            const isRight = owner !== null && own?.who?.right.includes(owner);
            const moves = own?.who && !isRight && (owner === null || own.overwrite || former.includes(owner));
            const what = `${finding.id} of ${own?.name}: ${owner} -> ${now}`;
            if (!moves) assert.equal(now, owner, what);
            else assert.ok(now !== null && own.who?.takers.includes(now), what);
            if (moves && own.owners.kind === "onCall" && own.owners.handOver === "keep" && now !== null) {
              given.set(key(own), [...new Set([now, ...(given.get(key(own)) ?? [])])]);
            }
          }
          await stack.settle();
          const again = await stack.up({ rules: program.map((each) => declared(stack, each)) });
          const isSameDay = Math.floor((stack.clock.now() - FIRST_DAY) / DAY_MS) === today;
          if (isSameDay) assert.equal(again.changed, false, "a second up changes something");
          if (changed || last === undefined) {
            last = { rules: resolved.map((each) => ({ ...each, right: each.who?.right ?? [] })) };
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
