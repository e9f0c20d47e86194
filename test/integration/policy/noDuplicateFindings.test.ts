import assert from "node:assert/strict";
import { UNKNOWN } from "../../engine/properties";
import { assignment, fallbackRule, ownership } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy noDuplicateFindings alone: no finding declared twice across resources of a stack", () => {
  const server = singlePolicy("noDuplicateFindings");
  const name = "findings-no-duplicates";
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `f${from + index}`);

  it("refuses a finding of two assignments, and names it and both", async () => {
    const [one, two] = [
      assignment("one", { findingIds: ["f1", "f2"] }),
      assignment("two", { findingIds: ["f2"] }),
    ];
    const violations = await server().analyzeStack([one, two]);
    assertRefused(violations, name, '"f2"', one.urn, two.urn);
    assert.equal(violations[0]?.urn, two.urn);
  });

  it("accepts assignments without a common finding, and other resources", async () => {
    const resources = [
      assignment("one", { findingIds: ["a", "b"] }),
      assignment("two", { findingIds: ["c"] }),
      ownership("rest", [fallbackRule], { exclude: ["a", "b", "c"] }),
    ];
    assert.deepEqual(await server().analyzeStack(resources), []);
  });

  it("names the first 10 and counts the others", async () => {
    const resources = [
      assignment("one", { findingIds: ids(0, 40) }),
      assignment("two", { findingIds: ids(10, 50) }),
    ];
    const violations = await server().analyzeStack(resources);
    assert.equal(violations.length, 11);
    assert.match(violations[0]?.message ?? "", /"f10"/);
    assert.match(violations[10]?.message ?? "", /20 more findings/);
    await server().configure({ [name]: { properties: { show: 40 } } });
    assert.equal((await server().analyzeStack(resources)).length, 30);
  });

  it("counts declared findings that failed or are missing, and not those on their way out", async () => {
    const failing = assignment("one", {
      findingIds: [],
      failures: ["failed", "leaving"].map((findingId) => ({ findingId, status: 500, title: "", detail: "" })),
      missing: ["missing"],
      releasing: ["leaving"],
    });
    const two = assignment("two", { findingIds: ["failed", "leaving", "missing"] });
    const messages = (await server().analyzeStack([failing, two])).map(({ message }) => message).join();
    assert.match(messages, /"failed"[^]*"missing"/);
    assert.doesNotMatch(messages, /"leaving"/);
  });

  it("passes over what a preview does not know yet, and judges the others", async () => {
    const resources = [
      assignment("one", { findingIds: UNKNOWN }),
      assignment("two", { findingIds: ["f1", UNKNOWN] }),
      assignment("three", { findingIds: ["f1", UNKNOWN] }),
    ];
    assertRefused(await server().analyzeStack(resources), name, '"f1"');
  });

  it("is done with 100,000 findings", async () => {
    const resources = Array.from({ length: 10 }, (_, index) =>
      assignment(`a${index}`, { findingIds: ids(index * 10_000, (index + 1) * 10_000) }),
    );
    assert.deepEqual(await server().analyzeStack(resources), []);
  });
});
