import { isDeepStrictEqual } from "node:util";
import { ruleQueries } from "../../core/ownership/ruleQueries";
import { searchAll } from "../../datadog/searchAll";
import { change, ReportBuilder } from "../assignFindings";
import type { CheckResult } from "../checkAssignment";
import { explainFailures } from "../messages";
import type { Session } from "../session";
import { containsUnknown } from "../unknown";
import { applyOwnership } from "./applyOwnership";
import { checkOwnershipInputs, parseOwnershipInputs } from "./ownershipInputs";
import { parseOwnershipState } from "./ownershipState";
import { preparePlanIfAllowed } from "./preparePlan";

type Props = Readonly<Record<string, unknown>>;

/** Checks the rules. A resource that does not exist yet gets no diff, so its plan is made, and shown, here. */
export async function checkOwnership(session: Session, olds: Props, news: Props): Promise<CheckResult> {
  const { failures, normalised } = checkOwnershipInputs(news);
  const isNew = Object.keys(olds).length === 0;
  if (isNew && failures.length === 0 && !containsUnknown(news)) {
    await preparePlanIfAllowed(session, parseOwnershipInputs(normalised), undefined);
  }
  return { inputs: normalised, failures };
}

/** Changed if the declaration is, if an earlier failure is open, or if findings are not as declared. */
export async function diffOwnership(
  session: Session,
  olds: Props,
  news: Props,
): Promise<{ changes: boolean }> {
  if (containsUnknown(news)) return { changes: true };
  const inputs = parseOwnershipInputs(news);
  const state = parseOwnershipState(olds);
  const plan = await preparePlanIfAllowed(session, inputs, state);
  const sameDeclaration = isDeepStrictEqual(plain(inputs.spec), plain(state.spec));
  return { changes: !sameDeclaration || state.failures.length > 0 || (plan?.total.count ?? 0) > 0 };
}

export async function createOwnership(
  session: Session,
  news: Props,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  const id = session.uuid();
  const inputs = parseOwnershipInputs(news);
  return { id, outs: await applyOwnership(session, id, inputs, undefined, news.__provider) };
}

export async function updateOwnership(
  session: Session,
  id: string,
  olds: Props,
  news: Props,
): Promise<{ outs: Record<string, unknown> }> {
  const inputs = parseOwnershipInputs(news);
  return { outs: await applyOwnership(session, id, inputs, parseOwnershipState(olds), news.__provider) };
}

/** The state holds rules and no findings, so there is nothing that could drift: the diff asks Datadog. */
export async function readOwnership(
  id: string,
  props: Record<string, unknown>,
): Promise<{ id: string; props: Record<string, unknown> }> {
  return { id, props };
}

/** Releases the findings that match a rule and still belong to its owner, unless `onDelete` is "keep". */
export async function deleteOwnership(session: Session, props: Props): Promise<void> {
  const { spec, results, resourceName } = parseOwnershipState(props);
  const label = resourceName ?? "FindingsOwnership";
  if (spec.onDelete === "keep") {
    session.print(`${label}: the findings keep their owners (onDelete is "keep")`);
    return;
  }
  const owners = new Map(results.map(({ name, assigneeId }) => [name, assigneeId]));
  const rules = spec.rules.filter(({ name }) => owners.has(name));
  const ownerIds = rules.map(({ name }) => owners.get(name) ?? "");
  const { owned } = ruleQueries({ ...spec, rules }, { ownerIds, deployed: [] });
  const { findings } = await searchAll(session.api, {
    query: owned,
    atMost: Number.POSITIVE_INFINITY,
    signal: session.cancelled,
  });
  const excluded = new Set(spec.exclude);
  const findingIds = findings.map(({ id }) => id).filter((findingId) => !excluded.has(findingId));
  const report = new ReportBuilder();
  await change(session, { label, verb: "unassigned", findingIds, assigneeId: null }, report);
  const { failed: failures } = report.build();
  if (failures.length === 0) return;
  const succeeded = findingIds.length - failures.length;
  throw new Error(
    explainFailures({ failures, wanted: "unassigned", succeeded, total: findingIds.length }).join("\n"),
  );
}

/** Without properties that are undefined, which are the same as none. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
