import assert from "node:assert/strict";
import { UNKNOWN } from "../../engine/properties";
import { assignment, ownership, rule } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy maxAssignmentSize alone: no assignment larger than N", () => {
  const server = singlePolicy("maxAssignmentSize", { max: 3 });
  const name = "findings-max-assignment-size";
  const sized = (size: number) =>
    assignment("payments", { findingIds: Array.from({ length: size }, (_, index) => `f${index}`) });

  it("refuses one finding too many, and says how many there are", async () => {
    assertRefused(await server().analyze(sized(4)), name, '"payments"', "4 findings", "at most 3");
  });

  it("accepts as many as are allowed, and an ownership", async () => {
    assert.deepEqual(await server().analyze(sized(3)), []);
    assert.deepEqual(
      await server().analyze(
        ownership(
          "o",
          [1, 2, 3, 4].map((n) => rule(`r${n}`)),
        ),
      ),
      [],
    );
  });

  it("takes the policy configuration over the arguments", async () => {
    await server().configure({ [name]: { properties: { max: 4 } } });
    assert.deepEqual(await server().analyze(sized(4)), []);
    assertRefused(await server().analyze(sized(5)), name, "at most 4");
  });

  it("passes over a list that a preview does not know yet, and counts unknown ids", async () => {
    assert.deepEqual(await server().analyze(assignment("payments", { findingIds: UNKNOWN })), []);
    const findingIds = ["a", UNKNOWN, UNKNOWN, UNKNOWN];
    assertRefused(await server().analyze(assignment("payments", { findingIds })), name, "4 findings");
  });
});
