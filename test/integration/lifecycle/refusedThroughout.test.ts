import assert from "node:assert/strict";
import type { Fault } from "../../emulator";
import { assertOwners, permit, play, requestsOf } from "../../support/play";
import type { Scenario } from "../../support/scenario";

const NOBODY = "00000000-0000-4000-8000-000000000000";

/** A 404 that does not say what was not found. */
const notFound: Fault = { kind: "status", status: 404, times: Number.POSITIVE_INFINITY };

/** All 404s of the assignee endpoint lose their words. */
function withoutWords(s: Scenario): void {
  s.emulator.faults.push({
    kind: "tamper",
    times: Number.POSITIVE_INFINITY,
    match: { family: "assignee" },
    change: (answer) =>
      answer.status === 404 ? { ...answer, body: JSON.stringify({ errors: ["Not Found"] }) } : answer,
  });
}

async function failureOf(s: Scenario, findingIds: readonly string[], assignee: string, onMissing = "fail") {
  const { errors } = await s.stack.up({ a: { findingIds, assignee, onMissing } });
  return errors.get("a")?.message ?? "no error";
}

describe("a 404 that is not about findings", () => {
  for (const count of [1, 10, 2_000]) {
    it(`of an API that is not there is an error for ${count} findings, also with onMissing "ignore"`, async () => {
      await play({ findings: count }, async (s, assignee) => {
        s.emulator.faults.push(notFound);
        const requests = await requestsOf(s, async () => {
          const message = await failureOf(s, s.ids, assignee, "ignore");
          assert.match(message, /No such endpoint: .*https:\S+ may not be Datadog's API: check datadog:site/);
        });
        assert.ok(requests <= 16, `${requests} requests`);
      });
    });

    it(`of an endpoint that was withdrawn is an error for ${count} findings, also with onMissing "ignore"`, async () => {
      await play({ findings: count }, async (s, assignee) => {
        s.emulator.faults.push({ ...notFound, match: { family: "assignee" } });
        const requests = await requestsOf(s, async () => {
          const message = await failureOf(s, s.ids, assignee, "ignore");
          assert.match(
            message,
            /even for findings that its search shows: .*the endpoint, which is in preview, may be gone/,
          );
        });
        assert.ok(requests <= 20, `${requests} requests`);
      });
    });

    it(`of an unknown user is told as such for ${count} findings, although it does not say so`, async () => {
      await play({ findings: count }, async (s) => {
        withoutWords(s);
        const requests = await requestsOf(s, async () => {
          const message = await failureOf(s, s.ids, NOBODY, "ignore");
          assert.match(message, /404 Not Found: Datadog knows no user 00000000/);
          assert.match(message, /next: declare an active user of this organisation as the assignee/);
        });
        assert.ok(requests <= 20, `${requests} requests`);
      });
    });
  }

  it("of an unknown user costs 20 requests for 2,000 findings where users may not be looked up either", async () => {
    await play({ findings: 2_000 }, async (s) => {
      withoutWords(s);
      permit(s, "read", "write");
      const requests = await requestsOf(s, async () => {
        assert.match(await failureOf(s, s.ids, NOBODY), /the user 00000000\S+ may not exist/);
      });
      assert.ok(requests <= 20, `${requests} requests`);
    });
  });

  it("of an unknown user is not asked for again in each batch where it does say so", async () => {
    await play({ findings: 2_000 }, async (s) => {
      const requests = await requestsOf(s, async () => {
        assert.match(await failureOf(s, s.ids, NOBODY), /404 Not Found: assignee not found/);
      });
      assert.ok(requests <= 8, `${requests} requests`);
    });
  });

  it("leaves the findings of other users alone", async () => {
    await play({ findings: 200 }, async (s, assignee) => {
      withoutWords(s);
      const { errors } = await s.stack.up({
        a: { findingIds: s.ids.slice(0, 100), assignee: NOBODY },
        b: { findingIds: s.ids.slice(100), assignee },
      });
      assert.deepEqual([...errors.keys()], ["a"]);
      assertOwners(s, s.ids.slice(100), assignee);
    });
  });

  it("is about findings once a batch for the user was accepted", async () => {
    await play({ findings: 200 }, async (s, assignee) => {
      withoutWords(s);
      const gone = s.ids.slice(150, 153);
      for (const id of gone) s.emulator.removeFinding(id);
      const message = await failureOf(s, s.ids, assignee);
      assert.match(message, /^3 of 200 findings could not be assigned/);
      assert.match(message, /404 Not Found: Datadog knows no such finding: 3 findings/);
    });
  });
});
