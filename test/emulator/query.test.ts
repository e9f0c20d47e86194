import assert from "node:assert/strict";
import fc from "../support/fc";
import { foundIds, search } from "./callEmulator";
import { Emulator } from "./emulator";
import type { EmulatedFinding } from "./findingModel";
import { seedUsers } from "./seed";

const [ada, ben] = seedUsers();
assert.ok(ada && ben);

function finding(id: string, differences: Partial<EmulatedFinding> = {}): EmulatedFinding {
  return {
    id,
    severity: "low",
    status: "open",
    type: "secret",
    title: "AWS access key in a public file",
    tags: ["team:platform", "env:staging"],
    resourceId: "i-1",
    resourceName: "api-gateway",
    resourceType: "repository",
    detectedAt: 0,
    ...differences,
  };
}

const FINDINGS = [
  finding("A==", { severity: "critical", tags: ["team:payments", "env:production"], assigneeId: ada.id }),
  finding("B-~=", { severity: "high", tags: ["team:payments", "env:staging", "bare"] }),
  finding('quote"d\\', { severity: "high", assigneeId: ben.id, title: "Uninstall bind (package)" }),
  finding("plain", {
    severity: "info",
    status: "muted",
    tags: ["Team:Platform", "team:data"],
    resourceId: "arn:aws:s3:::logs",
  }),
];

/** By the position in FINDINGS. */
const TABLE: readonly (readonly [query: string, found: readonly number[]])[] = [
  ["", [0, 1, 2, 3]],
  ["*", [0, 1, 2, 3]],
  ["@severity:critical", [0]],
  ["@severity:(critical OR high)", [0, 1, 2]],
  ["@severity:(critical high)", []],
  ["-@severity:(critical OR high)", [3]],
  ["@severity:(-high)", [0, 3]],
  ["@severity:(* AND NOT high)", [0, 3]],
  ["@severity:Critical", []],
  ["severity:critical", []],
  ["@status:open team:payments", [0, 1]],
  ["@status:open AND team:payments AND env:staging", [1]],
  ["team:payments OR @severity:info", [0, 1, 3]],
  ["NOT team:payments", [2, 3]],
  ["-team:payments -@severity:info", [2]],
  ["--team:payments", [0, 1]],
  ["NOT NOT team:payments", [0, 1]],
  // AND before OR, and NOT before both
  ["@severity:info OR team:payments env:production", [0, 3]],
  ["env:production team:payments OR @severity:info", [0, 3]],
  ["(@severity:info OR team:payments) env:production", [0]],
  ["NOT team:payments OR @severity:critical", [0, 2, 3]],
  ["NOT (team:payments OR @severity:info)", [2]],
  ["-(team:payments env:staging)", [0, 2, 3]],
  // tags ignore case, and a finding can have several of one key
  ["team:PLATFORM", [2, 3]],
  ["TEAM:data", [3]],
  ["team:(data AND platform)", [3]],
  ["team:*", [0, 1, 2, 3]],
  ["-env:*", [3]],
  ["team:pay*", [0, 1]],
  ["team:*form", [2, 3]],
  ["team:p?ym*", [0, 1]],
  ["nothere:*", []],
  // ids are data
  ['@finding_id:"A=="', [0]],
  ['@finding_id:("A==" OR "B-~=")', [0, 1]],
  ['@finding_id:("A==" OR "B-~=" OR "plain" OR "x" OR "y")', [0, 1, 3]],
  ['@finding_id:("A==" OR "B-~=") @severity:high', [1]],
  ['-@finding_id:("A==" OR "B-~=")', [2, 3]],
  ['@finding_id:"A==" OR @severity:info', [0, 3]],
  ['@finding_id:"a=="', []],
  ['@finding_id:"quote\\"d\\\\"', [2]],
  ['@finding_id:"x\\" OR \\""', []],
  ['@finding_id:"*"', []],
  ["@finding_id:plain", [3]],
  ["@finding_id:pl*", [3]],
  // assignees
  [`@workflow.triage.assignee.id:${ada.id}`, [0]],
  [`@workflow.triage.assignee.id:"${ada.id}"`, [0]],
  [`@workflow.triage.assignee.id:(${ada.id} OR ${ben.id})`, [0, 2]],
  ["-@workflow.triage.assignee.id:*", [1, 3]],
  ["@workflow.triage.assignee.id:*", [0, 2]],
  [`-@workflow.triage.assignee.id:${ada.id}`, [1, 2, 3]],
  ['@workflow.triage.assignee.name:"Ada Moreau"', [0]],
  // other attributes, values with colons, numbers and booleans of the document
  ["@finding_type:secret @resource_type:repository", [0, 1, 2, 3]],
  ["@resource_id:arn:aws:s3:::logs", [3]],
  ['@resource_id:"arn:aws:s3:::logs"', [3]],
  ["@workflow.mute.is_muted:true", [3]],
  ["@severity_details.adjusted.value_id:4", [0]],
  ["@nothing.here:*", []],
  // comparisons and ranges of numbers
  ["@severity_details.adjusted.score:>8", [0]],
  ["@severity_details.adjusted.score:>=8", [0, 1, 2]],
  ["@severity_details.adjusted.score:<8 -@severity_details.adjusted.score:<0", [3]],
  ["@severity_details.adjusted.score:<=9.5", [0, 1, 2, 3]],
  ["@severity_details.adjusted.score:[8 TO 9.5]", [0, 1, 2]],
  ["@severity_details.adjusted.score:[ 8.5 TO * ]", [0]],
  ["-@severity_details.adjusted.score:[* TO 8]", [0]],
  ["@severity_details.adjusted.score:(<1 OR >9)", [0, 3]],
  ["@severity_details.adjusted.score:(>1 <9)", [1, 2]],
  ["@severity:>1", []],
  ["@nothing.here:<1", []],
  // free text is whole words of the title, whatever the case
  ["uninstall", [2]],
  ["Uninst", []],
  ["uninst*", [2]],
  ['"bind (package)"', [2]],
  ["AWS public -team:payments", [3]],
  ["or", []],
];

const BROKEN = [
  "(",
  ")",
  "()",
  "@severity:",
  "@severity:()",
  "@severity: high",
  "@severity:(high",
  "@:high",
  "team:a)",
  "AND",
  "OR team:a",
  "team:a OR",
  "team:a AND OR team:b",
  "NOT",
  "- team:a",
  "-",
  '"open',
  '@finding_id:"x" OR "',
  '@finding_id:"x"y',
  'team:a"b"',
  "team:(a OR @severity:high)",
  "@severity:(critical OR high))",
  "@detection_changed_at:>",
  "@detection_changed_at:>soon",
  "@detection_changed_at:>=5x",
  "@detection_changed_at:[1 TO 2",
  "@detection_changed_at:[1 2]",
  "@detection_changed_at:[a TO z]",
  "@detection_changed_at:{1 TO 2}",
  "@detection_changed_at:[1 TO 2]x",
  ">5",
  "[1 TO 2]",
  "team:a\\",
];

describe("emulator: query syntax", () => {
  const emulator = new Emulator({ findings: FINDINGS });

  for (const [query, found] of TABLE) {
    it(`finds ${found.length} of 4 by ${query === "" ? "nothing" : query}`, async () => {
      const ids = found.map((index) => FINDINGS[index]?.id);
      assert.deepEqual((await foundIds(emulator, query)).sort(), ids.sort());
    });
  }

  for (const query of BROKEN) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await search(emulator, query);
      assert.equal(status, 400);
      assert.match(JSON.stringify(body), /"detail":"invalid query: /);
    });
  }

  it("finds exactly one finding by its quoted and escaped id, whatever is in it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }),
        async (ids) => {
          const some = new Emulator({ findings: ids.map((id) => finding(id)) });
          for (const id of ids) {
            const quoted = `"${id.replace(/[\\"]/g, "\\$&")}"`;
            assert.deepEqual(await foundIds(some, `@finding_id:(${quoted})`), [id]);
          }
        },
      ),
      { numRuns: 100 },
    ));
});
