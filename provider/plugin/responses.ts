import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { CheckFailure } from "../engine/checkFailures";
import type { DetailedDiff } from "./detailedDiff";
import { type Properties, toStruct } from "./properties";

export function checkResponse(inputs: Properties, failures: readonly CheckFailure[]): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new pb.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/** @param replaces names of properties for whose sake the resource is made anew */
export function diffResponse(
  changes: boolean,
  detailed: DetailedDiff,
  replaces: readonly string[] = [],
): pb.DiffResponse {
  const response = new pb.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList([...replaces]);
  response.setDiffsList([...new Set([...detailed.keys()].map(propertyOf))]);
  // Without one the engine says just that there is a difference.
  response.setHasdetaileddiff(!changes || detailed.size > 0);
  for (const [path, kind] of detailed) {
    const diff = new pb.PropertyDiff();
    const name = replaces.includes(propertyOf(path)) ? (`${kind}_REPLACE` as const) : kind;
    diff.setKind(pb.PropertyDiff.Kind[name]);
    diff.setInputdiff(true);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}

function propertyOf(path: string): string {
  return path.replace(/[.[].*$/s, "");
}
