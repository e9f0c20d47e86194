import assert from "node:assert/strict";
import { assignmentDiff, ownershipDiff } from "../../provider/plugin/detailedDiff";
import { UNKNOWN } from "../../provider/plugin/properties";

const paths = (diff: ReadonlyMap<string, string>) => Object.fromEntries(diff);
const ids = Array.from({ length: 12 }, (_, index) => `id-${String(index).padStart(2, "0")}`);
const deployed = (findingIds: readonly string[]) => ({ settled: findingIds, known: findingIds });
const assignment = (findingIds: unknown, assignee = "ada@example.com") => ({ findingIds, assignee });

describe("the diff of a FindingsAssignment", () => {
  it("is one line where the first of 12 ids leaves", () => {
    const diff = assignmentDiff(assignment(ids), assignment(ids.slice(1)), deployed(ids));
    assert.deepEqual(paths(diff), { "findingIds[0]": "DELETE" });
  });

  it("counts what leaves in the old list, and what comes in the new one", () => {
    const diff = assignmentDiff(
      assignment(["a", "b", "c"]),
      assignment(["b", "c", "d"]),
      deployed(["a", "b", "c"]),
    );
    assert.deepEqual(paths(diff), { "findingIds[0]": "DELETE", "findingIds[2]": "ADD" });
  });

  it("is one line where an id leaves at the place where another one comes", () => {
    const diff = assignmentDiff(assignment(["a", "b"]), assignment(["a", "c"]), deployed(["a", "b"]));
    assert.deepEqual(paths(diff), { "findingIds[1]": "UPDATE" });
  });

  it("shows what failed as coming again, and what is gone already not at all", () => {
    const found = { settled: ["a"], known: ["a", "failed"] };
    const diff = assignmentDiff(assignment(["a", "gone"]), assignment(["a", "failed"]), found);
    assert.deepEqual(paths(diff), { "findingIds[1]": "ADD" });
  });

  it("names the assignee unless only its case differs, and onMissing", () => {
    const olds = assignment(ids, "ada@example.com");
    assert.deepEqual(paths(assignmentDiff(olds, assignment(ids, "Ada@Example.com"), deployed(ids))), {});
    const news = { ...assignment(ids, "ben@example.com"), onMissing: "ignore" };
    assert.deepEqual(paths(assignmentDiff(olds, news, deployed(ids))), {
      assignee: "UPDATE",
      onMissing: "ADD",
    });
  });

  it("names the list where its ids are not known yet", () => {
    for (const findingIds of [UNKNOWN, ["id-00", UNKNOWN]]) {
      const diff = assignmentDiff(assignment(ids), assignment(findingIds), deployed(ids));
      assert.deepEqual(paths(diff), { findingIds: "UPDATE" });
    }
  });
});

const rule = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  query: `team:${name}`,
  assignee: "ada@example.com",
  ...more,
});
const rules = (...names: string[]) => ({ rules: names.map((name) => rule(name)) });

describe("the diff of a FindingsOwnership", () => {
  it("knows rules by their names: those behind one that comes or leaves are not touched", () => {
    assert.deepEqual(paths(ownershipDiff(rules("a", "b", "c"), rules("new", "a", "b", "c"))), {
      "rules[0]": "ADD",
    });
    assert.deepEqual(paths(ownershipDiff(rules("a", "b", "c"), rules("b", "c"))), { "rules[0]": "DELETE" });
  });

  it("says what changes inside of a rule at its place", () => {
    const news = { rules: [rule("a"), rule("b", { query: "team:x", overwrite: true })] };
    assert.deepEqual(paths(ownershipDiff(rules("a", "b"), news)), {
      "rules[1].query": "UPDATE",
      "rules[1].overwrite": "ADD",
    });
  });

  it("shows a rule that moves as leaving and coming", () => {
    assert.deepEqual(paths(ownershipDiff(rules("a", "b", "c"), rules("b", "c", "a"))), {
      "rules[0]": "DELETE",
      "rules[2]": "ADD",
    });
  });

  it("shows a rule that changes and moves at its old and its new place", () => {
    const news = { rules: [rule("b", { query: "team:x" })] };
    assert.deepEqual(paths(ownershipDiff(rules("a", "b"), news)), {
      "rules[0]": "UPDATE",
      "rules[1]": "DELETE",
    });
  });

  it("names maxChangesPerOwner where it alone changes", () => {
    const [olds, news] = [5, 9].map((maxChangesPerOwner) => ({ rules: [], maxChangesPerOwner }));
    assert.deepEqual(paths(ownershipDiff(olds ?? {}, news ?? {})), { maxChangesPerOwner: "UPDATE" });
  });

  it("names excluded ids one by one, and the rest by name", () => {
    const olds = { ...rules("a"), exclude: ["x", "y"], scope: "@status:open", maxChanges: 5 };
    const news = { ...rules("a"), exclude: ["y"], maxChanges: 6, onDelete: "keep" };
    assert.deepEqual(paths(ownershipDiff(olds, news)), {
      "exclude[0]": "DELETE",
      scope: "DELETE",
      maxChanges: "UPDATE",
      onDelete: "ADD",
    });
  });
});
