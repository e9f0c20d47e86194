import assert from "node:assert/strict";
import { lintOwnership } from "../../provider/rules/lintOwnership";
import type { EmulatedFinding } from "../emulator";
import fc from "../support/fc";
import { OwnersStack } from "../support/ownersStack";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const TEAMS = ["red", "blue"];
/** Only they are on call, and nobody else; 5 and 6 may be disabled. */
const ON_CALL = [3, 4, 7];

type Form =
  | { readonly kind: "user"; readonly user: number }
  | { readonly kind: "spread"; readonly users: readonly number[]; readonly weight: number }
  | { readonly kind: "first"; readonly user: number; readonly team: string }
  | { readonly kind: "chain"; readonly team: string; readonly user: number }
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
    weight: fc.constantFrom(1, 3),
  }),
  fc.record({ kind: fc.constant("chain" as const), team, user: fc.nat(2) }),
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

/** With days on which nobody is on call. */
const shifts = fc.array(fc.subarray(ON_CALL), { minLength: 1, maxLength: 3 });

const step = fc.record({
  rules: fc.uniqueArray(rule, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  /** Of each team, beside 0, who is always a member. */
  members: fc.tuple(fc.subarray([1, 2, 3, 5, 6]), fc.subarray([2, 4, 5])),
  /** The shifts of each team, a day each, one after another. */
  shifts: fc.tuple(shifts, shifts),
  disabled: fc.subarray([5, 6]),
  byHand: fc.array(fc.tuple(fc.nat(39), fc.option(fc.nat(9))), { maxLength: 6 }),
  days: fc.nat(2),
  same: fc.boolean(),
});
type Step = Readonly<typeof step extends fc.Arbitrary<infer T> ? T : never>;

interface Deployed {
  readonly rules: readonly (Rule & { readonly right: readonly number[] })[];
}

/** What tells owners from others, whatever the rule is called. */
const keyOf = ({ owners }: Pick<Rule, "owners">) => JSON.stringify(owners);

interface Today {
  readonly world: Step;
  /** Counted from the first of the story. */
  readonly day: number;
  /** Who was given findings while on call, by team, by the rules that are deployed. */
  readonly given: ReadonlyMap<string, readonly number[]>;
  readonly last: Deployed | undefined;
}

/** Who is right and who gets findings, by number, as the docs' table says it; nobody gets any: they fail. */
function ownersOf(owners: Form, { world, day, given: allGiven, last }: Today) {
  const given = ("team" in owners && allGiven.get(owners.team)) || [];
  const onCall = (name: string) => {
    const all = world.shifts[TEAMS.indexOf(name)] ?? [];
    return all[day % all.length] ?? [];
  };
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
    case "chain": {
      const now = onCall(owners.team);
      return users([...members(owners.team), ...given, owners.user], now.length > 0 ? now : [owners.user]);
    }
    case "onCall": {
      const now = onCall(owners.team);
      if (owners.handOver === "keep") return users([...members(owners.team), ...given], now);
      const before = last?.rules.filter((each) => keyOf(each) === keyOf({ owners })) ?? [];
      return now.length > 0
        ? users(now)
        : users(
            before.flatMap(({ right }) => right),
            [],
          );
    }
    case "none":
      return undefined;
  }
}

/** As a program writes it. */
function declared(stack: OwnersStack, { name, query, owners, overwrite, until }: Rule) {
  const written = {
    user: () => owners.kind === "user" && { assignee: stack.mail(owners.user) },
    spread: () =>
      owners.kind === "spread" && {
        assignees: owners.users.map((user, index) =>
          index === 0 ? { assignee: stack.mail(user), weight: owners.weight } : stack.mail(user),
        ),
      },
    chain: () =>
      owners.kind === "chain" && {
        assignees: [`on-call:${owners.team}`, stack.mail(owners.user)],
        pick: "first",
      },
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

/** The findings that these deployments gave away, and nobody has touched since. */
class Ours {
  readonly #ids = new Set<string>();

  touched(id: string): void {
    this.#ids.delete(id);
  }

  given(id: string): void {
    this.#ids.add(id);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

class Story {
  readonly stack = new OwnersStack({ findings: 40, users: 10 });
  readonly ours = new Ours();
  last: Deployed | undefined;
  /** Versions before it since the last deployment in which nothing failed. */
  unfinished: readonly Deployed[] = [];
  given: ReadonlyMap<string, readonly number[]> = new Map();
  program: readonly Rule[] = [];
  everRight = new Set<number>();
  failures = 0;

  get day(): number {
    return Math.floor((this.stack.clock.now() - FIRST_DAY) / DAY_MS);
  }

  owners(): Map<string, number | null> {
    const owners = [...this.stack.emulator.owners()];
    return new Map(owners.map(([id, owner]) => [id, owner === null ? null : this.stack.ids.indexOf(owner)]));
  }

  async play(world: Step): Promise<void> {
    const { stack } = this;
    await stack.wait(world.days * DAY_MS + 20 * 60_000);
    for (const [index, handle] of TEAMS.entries()) {
      const members = [0, ...(world.members[index] ?? [])];
      stack.rotation(handle, members, world.shifts[index] ?? [], { shiftMs: DAY_MS, startsAt: FIRST_DAY });
    }
    for (const index of [5, 6]) stack.disable(index, world.disabled.includes(index));
    for (const [index, owner] of world.byHand) {
      const id = stack.findings[index]?.id ?? "";
      stack.emulator.reassignByHand(id, owner === null ? null : stack.user(owner));
      this.ours.touched(id);
    }
    await stack.settle();
    if (!world.same || this.program.length === 0) this.program = reachable(stack, world.rules);
    await this.#up(world);
  }

  async #up(world: Step): Promise<void> {
    const { stack, program, last, day } = this;
    const today: Today = { world, day, given: this.given, last };
    const resolved = program
      .filter(({ until }) => until === null || day <= until)
      .map((each) => ({ ...each, who: ownersOf(each.owners, today) }));
    const before = this.owners();
    const { changed, failure } = await this.#deploy();
    const after = this.owners();
    const now = new Map<string, Set<number>>();
    let mustFail = false;
    for (const finding of stack.findings) {
      const owner = before.get(finding.id) ?? null;
      const next = after.get(finding.id) ?? null;
      const own = resolved.find(({ query }) => CONDITIONS[query]?.(finding));
      const isRight = owner !== null && own?.who?.right.includes(owner);
      const isFree = owner === null || own?.overwrite || isGiven(last, finding, owner);
      const mayMove = owner !== null && this.unfinished.some((each) => isGiven(each, finding, owner));
      const what = `${finding.id} of ${own?.name}: ${owner} -> ${next}`;
      const stays = !own?.who || isRight || !(isFree || mayMove);
      const failing = own?.who?.takers.length === 0;
      if (stays || failing) assert.equal(next, owner, what);
      else if (isFree || next !== owner) assert.ok(next !== null && own.who?.takers.includes(next), what);
      mustFail ||= !stays && failing && Boolean(isFree);
      // One who is on call may have had it before: it is given anew.
      const isAssigned = next !== owner || (!stays && !failing && isFree);
      if (!isAssigned || next === null) continue;
      this.ours.given(finding.id);
      if (own) now.set(own.name, (now.get(own.name) ?? new Set()).add(next));
    }
    if (mustFail) assert.match(failure ?? "", /nobody is on call/);
    else if (this.unfinished.length === 0) assert.equal(failure, undefined);
    if (failure !== undefined) this.failures++;
    await this.#again(day, failure);
    // The state stays as it is.
    if (!changed && last !== undefined) return;
    const version = {
      rules: resolved.map((each) => {
        const right = [...new Set([...(each.who?.right ?? []), ...(now.get(each.name) ?? [])])];
        return { ...each, right };
      }),
    };
    for (const { right } of version.rules) for (const user of right) this.everRight.add(user);
    this.unfinished = failure !== undefined && last ? [last, ...this.unfinished] : [];
    this.last = version;
    this.given = givenBy(version, now, today.given);
  }

  async #deploy(): Promise<{ readonly changed: boolean; readonly failure: string | undefined }> {
    const rules = this.program.map((each) => declared(this.stack, each));
    try {
      return { ...(await this.stack.up({ rules })), failure: undefined };
    } catch (error) {
      return { changed: true, failure: error instanceof Error ? error.message : String(error) };
    }
  }

  /** A second deployment sends nothing; it may note that earlier rules hold nothing any more. */
  async #again(day: number, failure: string | undefined): Promise<void> {
    await this.stack.settle();
    if (this.day !== day || failure !== undefined) return;
    this.stack.emulator.requests.reset();
    await this.stack.up({ rules: this.program.map((each) => declared(this.stack, each)) });
    assert.equal(
      this.stack.emulator.requests.count({ family: "assignee" }),
      0,
      "a second up sends something",
    );
    assert.deepEqual(await this.stack.up({ rules: this.program.map((each) => declared(this.stack, each)) }), {
      changed: false,
    });
  }

  /** Nothing of ours is left, and who never was an owner of these rules keeps what they have. */
  async destroy(): Promise<void> {
    await this.stack.settle();
    const before = this.owners();
    await this.stack.destroy();
    for (const [id, owner] of this.owners()) {
      const had = before.get(id) ?? null;
      if (this.ours.has(id)) assert.equal(owner, null, `${id} of ${had} is left`);
      if (had !== null && !this.everRight.has(had)) assert.equal(owner, had, `${id} was ${had}'s`);
    }
  }
}

/** Who has findings since they were on call: rules that name the same team count together. */
function givenBy(version: Deployed, now: ReadonlyMap<string, ReadonlySet<number>>, before: Today["given"]) {
  const given = new Map<string, readonly number[]>();
  for (const { name, owners } of version.rules) {
    const keeps = owners.kind === "chain" || (owners.kind === "onCall" && owners.handOver === "keep");
    if (!keeps) continue;
    const got = [...(now.get(name) ?? [])].filter((user) => ON_CALL.includes(user));
    given.set(owners.team, [...(given.get(owners.team) ?? before.get(owners.team) ?? []), ...got]);
  }
  return given;
}

/** Whether the rules of a version had given a finding to its owner, as far as they can tell. */
function isGiven(version: Deployed | undefined, finding: EmulatedFinding, owner: number): boolean {
  const had = version?.rules.find(({ query }) => CONDITIONS[query]?.(finding));
  return had?.right.includes(owner) === true;
}

describe("rules with owners of all forms, under random members, schedules, leavers and days", () => {
  it("give each finding to whom the table says, touch nothing else, and leave nothing behind", async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
        const story = new Story();
        for (const world of steps) await story.play(world);
        await story.destroy();
        failures += story.failures;
      }),
      { numRuns: 150 },
    );
    assert.ok(failures > 0, "in no story there is nobody on call");
  });
});
