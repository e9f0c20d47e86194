import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AckLog } from "../../../provider/lifecycle/ackLog";
import { fileAckStore } from "../../../provider/lifecycle/ackStore";

describe("the record of accepted changes on disk", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "acks-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("keeps the order of a doubt and the change after it, although Datadog's clock may be behind ours", () => {
    let now = Date.now();
    const logOfProcess = () =>
      new AckLog(fileAckStore("https://api.datadoghq.com", { PULUMI_HOME: home }, () => now++));
    logOfProcess().record("ada", ["f1"], now - 10_000);
    const second = logOfProcess();
    second.doubt("grace", ["f1"], now);
    second.record("grace", ["f1"], now - 900);
    assert.equal(logOfProcess().last("f1")?.assigneeId, "grace");
  });
});
