import { type EmulatedFinding, type SeededRandom, TEAMS } from "../../emulator";

/** Which findings a rule is about: as a plain function and, apart from it, as a query. */
export interface Condition {
  readonly query: string;
  readonly holds: (finding: EmulatedFinding) => boolean;
}

const SEVERITIES = ["critical", "high", "medium", "low", "info"];

export const everything: Condition = { query: "*", holds: () => true };

/** A few terms that all have to hold. */
export function drawCondition(random: SeededRandom): Condition {
  const terms = [drawTerm(random), ...(random.next() < 0.4 ? [drawTerm(random)] : [])];
  return {
    query: terms.map(({ query }) => query).join(" "),
    holds: (finding) => terms.every(({ holds }) => holds(finding)),
  };
}

function drawTerm(random: SeededRandom): Condition {
  const term = drawPositive(random);
  if (random.next() > 0.15) return term;
  return { query: `-${term.query}`, holds: (finding) => !term.holds(finding) };
}

function drawPositive(random: SeededRandom): Condition {
  const dice = random.next();
  if (dice < 0.5) return ofTeam(random.pick(TEAMS));
  if (dice < 0.85) {
    const among = SEVERITIES.filter(() => random.next() < 0.5);
    const severities = among.length > 0 ? among : ["medium"];
    return {
      query: `@severity:(${severities.join(" OR ")})`,
      holds: ({ severity }) => severities.includes(severity),
    };
  }
  return { query: "@status:open", holds: ({ status }) => status === "open" };
}

export function ofTeam(team: string): Condition {
  return { query: `team:${team}`, holds: ({ tags }) => tags.includes(`team:${team}`) };
}

export function not({ query, holds }: Condition): Condition {
  return { query: `-${query}`, holds: (finding) => !holds(finding) };
}
