import type { EmulatedFinding, EmulatedUser } from "../emulator";
import type { Work } from "./work";

export type Contender = Work["contender"];

/** What is declared; all of a row's contenders declare the same. */
export type Program = Pick<Work, "assignments" | "rules">;

export interface World {
  readonly findings: readonly EmulatedFinding[];
  readonly users: readonly EmulatedUser[];
}

export interface Row {
  /** For `--rows`. */
  readonly name: string;
  readonly what: string;
  readonly findings: number;
  /** Requests per 10 s and kind of request: 10 where that takes no more than some two minutes. */
  readonly limit: number;
  readonly program: (world: World) => Program;
  readonly step: Work["step"];
  /** Whether it was deployed before, which is not measured. */
  readonly deployed?: boolean;
  /** So many new findings have appeared since. */
  readonly appeared?: number;
  /** Who cannot do it, and why. */
  readonly cannot?: Partial<Record<Contender, string>>;
}

export const OWNERSHIP_RULES = 20;

/** @param scale 1, or less for quick runs: the rows of 100,000 findings are smaller by it */
export function rowsOf(scale = 1): Row[] {
  const most = 100_000 * scale;
  const inOne: Row["program"] = (world) => inResources(world, 1);
  const ownership = { findings: most, limit: 400, program: byRules, step: "up" } as const;
  const noRefresh = { script: "knows no state", naive: "has no read" };
  const noRules = { naive: "knows ids only" };
  return [
    {
      name: "250",
      what: "250 findings in one resource",
      findings: 250,
      limit: 10,
      program: inOne,
      step: "up",
    },
    {
      name: "10000",
      what: "10,000 findings in one resource",
      findings: 10_000,
      limit: 10,
      program: inOne,
      step: "up",
    },
    {
      name: "100x4",
      what: "100 resources of 4 findings, one owner",
      findings: 400,
      limit: 10,
      program: (world) => inResources(world, 100),
      step: "up",
    },
    {
      name: "1000x1",
      what: "1,000 resources of 1 finding, one owner",
      findings: 1_000,
      limit: 100,
      program: (world) => inResources(world, 1_000),
      step: "up",
    },
    {
      name: "40x10",
      what: "40 owners, a resource of 10 findings each",
      findings: 400,
      limit: 10,
      program: (world) => inResources(world, 40, 40),
      step: "up",
    },
    {
      name: "noop-10000",
      what: "nothing to do, 10,000 findings in one resource",
      findings: 10_000,
      limit: 10,
      program: inOne,
      step: "up",
      deployed: true,
    },
    {
      name: "noop-100000",
      what: `nothing to do, ${most.toLocaleString("en")} findings in one resource`,
      findings: most,
      limit: 100,
      program: inOne,
      step: "up",
      deployed: true,
    },
    {
      name: "refresh-10000",
      what: "refresh of 10,000 findings in one resource",
      findings: 10_000,
      limit: 10,
      program: inOne,
      step: "refresh",
      deployed: true,
      cannot: noRefresh,
    },
    { ...ownership, name: "rules-first", what: `${named(most)}, first time`, cannot: noRules },
    {
      ...ownership,
      name: "rules-none",
      what: `${named(most)}, nothing to do`,
      deployed: true,
      cannot: noRules,
    },
    {
      ...ownership,
      name: "rules-300",
      what: `${named(most)}, 300 new ones`,
      deployed: true,
      appeared: 300,
      cannot: noRules,
    },
  ];
}

function named(findings: number): string {
  return `${OWNERSHIP_RULES} rules for ${findings.toLocaleString("en")} findings`;
}

function inResources({ findings, users }: World, count: number, owners = 1): Program {
  const each = Math.ceil(findings.length / count);
  const assignments = Array.from({ length: count }, (_, index) => ({
    name: `resource-${index}`,
    findingIds: findings.slice(index * each, (index + 1) * each).map(({ id }) => id),
    assignee: users[index % owners]?.id ?? "",
  }));
  return { assignments, rules: [] };
}

/** A rule for each team, whose findings are mixed. */
function byRules({ users }: World): Program {
  const rules = Array.from({ length: OWNERSHIP_RULES }, (_, index) => ({
    name: `team-${index}`,
    query: `team:t${index}`,
    assignee: users[index]?.id ?? "",
  }));
  return { assignments: [], rules };
}
