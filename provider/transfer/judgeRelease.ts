import { judgeOwner, type OwnerJudgement } from "../core/ownerJudgement";
import type { Finding } from "../datadog/model/findingsApi";
import type { ReleaseRequest } from "./releaseRequest";

/** What the search says of a finding that is to be released. */
export function judgeRelease(
  { ownersOf, acceptedAt }: Pick<ReleaseRequest, "ownersOf" | "acceptedAt">,
  id: string,
  finding: Finding | undefined,
  now: number,
): OwnerJudgement {
  if (!finding) return "unseen";
  const { assignee } = finding;
  const owners = ownersOf(id);
  if (assignee && owners.includes(assignee.id)) return "asLeft";
  const owner = { assigneeId: assignee?.id ?? null, updatedAt: assignee?.updatedAt };
  return judgeOwner(owner, { assigneeId: owners[0] ?? null, acceptedAt: acceptedAt(id) }, now);
}

/** Who is shown as the owner keeps the finding, unless a time says that our assignment came later. */
export function isSomebodyElses(judgement: OwnerJudgement, finding: Finding | undefined): boolean {
  switch (judgement) {
    case "somebodyElse":
      return true;
    case "mayLag":
      return finding?.assignee != null;
    case "asLeft":
    case "outdated":
    case "nobody":
    case "unseen":
      return false;
  }
}
