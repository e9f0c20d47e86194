import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FindingsAssignment } from "../../../provider/program/findingsAssignment";
import { getFindings } from "../../../provider/program/getFindings";

describe("a program whose stack sets datadog:sites", () => {
  const before = pulumi.runtime.allConfig();
  const problem = /datadog:sites is not a setting: did you mean datadog:site\?/;

  beforeEach(() => pulumi.runtime.setAllConfig({ ...before, "datadog:sites": "datadoghq.eu" }));
  afterEach(() => pulumi.runtime.setAllConfig(before));

  it("ends where it declares a resource, before anything is sent", () => {
    assert.throws(
      () => new FindingsAssignment("a", { findingIds: ["x"], assignee: "ada@example.com" }),
      (error) => pulumi.RunError.isInstance(error) && problem.test(error.message),
    );
  });

  it("and where it asks for findings", async () => {
    await assert.rejects(getFindings({ query: "*" }), problem);
  });
});
