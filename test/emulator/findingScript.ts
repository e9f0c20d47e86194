import { titleOf } from "./apiErrors";

/** What Datadog is to say of one finding of a batch. */
export interface ScriptedProblem {
  readonly status: number;
  /** Default: the usual title of the status. */
  readonly title?: string;
  readonly detail?: string;
  /**
   * The id that the answer names in place of the finding's own. Default: what the setting `idInProblems`
   * says.
   */
  readonly reportedAs?: string;
  /** How many requests it meets. Default: all. */
  readonly times?: number;
}

/** As it goes over the wire. */
export interface ProblemDocument {
  readonly finding_id: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** Failures and warnings that tests have ordered for single findings. */
export class FindingScript {
  private readonly left = new Map<string, { readonly problem: ScriptedProblem; left: number }>();

  /** @param reportedId the id that an answer names for a finding */
  constructor(private readonly reportedId: (findingId: string) => string) {}

  set(findingId: string, problem: ScriptedProblem): void {
    this.left.set(findingId, { problem, left: problem.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.left.clear();
  }

  take(findingId: string): ProblemDocument | undefined {
    const scripted = this.left.get(findingId);
    if (scripted === undefined || scripted.left <= 0) return undefined;
    scripted.left -= 1;
    const { status, title, detail, reportedAs } = scripted.problem;
    const reportedId = reportedAs ?? this.reportedId(findingId);
    return problemDocument(reportedId, status, detail ?? "scripted by a test", title);
  }
}

export function problemDocument(
  findingId: string,
  status: number,
  detail: string,
  title = titleOf(status),
): ProblemDocument {
  return { finding_id: findingId, status, title, detail };
}
