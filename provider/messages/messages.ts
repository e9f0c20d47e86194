import { count, countOf, findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { plainLine, plainText } from "../datadog/model/plainText";
import { advise, concernsEveryFinding } from "./advise";

/** Lists of owners and of reasons are cut after this many: the rest is in the outputs. */
const SHOWN = 10;

/** Ids tell a person little: three show which findings are meant. */
const SHOWN_IDS = 3;

/** `id1, id2, id3, and 127 more` */
export function firstIds(ids: readonly string[]): string {
  return first(SHOWN_IDS, ids);
}

/** The first ten of a list of owners. */
export function firstTen(items: readonly string[]): string {
  return first(SHOWN, items);
}

function first(shown: number, items: readonly string[]): string {
  const more = items.length - shown;
  return items.slice(0, shown).map(shorten).join(", ") + (more > 0 ? `, and ${count(more)} more` : "");
}

/**
 * Findings that failed for one reason, in a line: `403 Forbidden: 120 findings: id1, id2, id3, and 117 more`.
 */
function describeProblems(problems: readonly FindingProblem[], cut: readonly FindingProblem[]): string[] {
  const unfinished = new Set(cut);
  return [...groupBy(problems, reasonOf)].map(([reason, alike]) => {
    const ids = alike.map((problem) => problem.findingId);
    if (alike.every(concernsEveryFinding)) return reason;
    return ids.length === 1
      ? `${firstIds(ids)}: ${reason}`
      : `${reason}: ${findingsOf(
          ids.length,
          alike.some((each) => unfinished.has(each)),
        )}: ${firstIds(ids)}`;
  });
}

/** `404 Not Found: finding not found` */
function reasonOf({ status, title, detail }: FindingProblem): string {
  const head = [status > 0 ? String(status) : "", shorten(title)].filter((part) => part !== "").join(" ");
  // What is no answer of Datadog's is said by us, with what to do at its end.
  const why = status > 0 ? shorten(detail) : plainText(detail);
  return [head, why].filter((part) => part !== "").join(": ");
}

/** Of what others have written this many characters are shown: the full text is in the outputs. */
const SHOWN_CHARACTERS = 240;

function shorten(text: string): string {
  const plain = plainText(text.slice(0, SHOWN_CHARACTERS));
  return text.length > SHOWN_CHARACTERS ? `${plain} …` : plain;
}

/** What could not be done to findings in one way. */
export interface FailedWork {
  readonly failures: readonly FindingProblem[];
  /** What could not be done: "assigned to …", "unassigned". */
  readonly wanted: string;
  readonly succeeded: number;
  readonly total: number;
  /** Those of the failures beside which there are more that fail for the same reason; default none. */
  readonly cut?: readonly FindingProblem[];
  /** How many of the failures had no answer that tells whether they were changed all the same; default 0. */
  readonly ambiguous?: number;
}

export interface FailureSummary extends FailedWork {
  /** What else could not be done in the same deployment. */
  readonly others?: readonly FailedWork[];
  /** What else was done: "2 findings were unassigned". */
  readonly done?: readonly string[];
  /** What may help beside what is to be done next, such as an id that was probably meant. */
  readonly hints?: readonly string[];
  /** Whether the resource is being deleted; default false. */
  readonly deleting?: boolean;
}

/**
 * What happened, why and to which findings (a line for each of the first ten reasons), and what to do next.
 */
export function explainFailures(summary: FailureSummary): string[] {
  const works = [summary, ...(summary.others ?? [])];
  const failures = works.flatMap((work) => work.failures);
  const problems = describeProblems(
    failures,
    works.flatMap(({ cut = [] }) => cut),
  );
  const shown = fitting(problems.slice(0, SHOWN));
  const more = problems.length - shown.length;
  return [
    describeWorks(works, summary.done ?? []),
    ...shown,
    ...(more > 0 ? [`and ${countOf(more, "more reason")}`] : []),
    ...(summary.hints ?? []),
    `next: ${advise(failures, summary.deleting)}`,
  ].map(plainLine);
}

/** What could not be done, what became of the rest, and what else was done. */
function describeWorks(works: readonly FailedWork[], done: readonly string[]): string {
  const parts = works.flatMap((work) => [describeFailed(work), ...describeRest(work)]);
  const isNothing = parts.length === works.length && done.length === 0;
  return [...parts, ...done, ...(isNothing ? ["nothing was changed"] : [])].join("; ");
}

function describeFailed({ failures, wanted, total, cut = [] }: FailedWork): string {
  const which =
    cut.length > 0
      ? findingsOf(failures.length, true)
      : `${count(failures.length)} of ${countOf(total, "finding")}`;
  return `${which} could not be ${wanted}`;
}

/** What became of the others, and of those whose answer was lost; none where nothing was changed. */
function describeRest({ failures, succeeded, ambiguous = 0 }: FailedWork): string[] {
  const done = succeeded > 0 ? `${count(succeeded)} succeeded` : "";
  const which = ambiguous < failures.length ? `of ${count(ambiguous)} ` : "";
  const unknown =
    ambiguous > 0 ? `${which}it is not known whether Datadog changed ${ambiguous === 1 ? "it" : "them"}` : "";
  const parts = [done, unknown].filter((part) => part !== "");
  return parts.length > 0 ? [parts.join(", ")] : [];
}

/** An error's message travels percent-encoded, in a trailer that may not be large. */
const MOST_ENCODED = 30_000;

/** The first lines, as many as an error bears; one at least. */
function fitting(lines: readonly string[]): string[] {
  let encoded = 0;
  return lines.filter((line, index) => {
    encoded += encodeURI(line).length;
    return index === 0 || encoded <= MOST_ENCODED;
  });
}
