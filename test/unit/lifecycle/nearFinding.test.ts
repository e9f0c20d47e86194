import assert from "node:assert/strict";
import { nearFinding } from "../../../provider/assignment/nearFinding";
import { Claims } from "../../../provider/core/claims";

const ID = "ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNw==";
const TYPO = "ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNW==";

describe("the finding that is probably meant by an id that nobody knows", () => {
  const session = (declared: readonly string[], leaving: readonly string[] = []) => {
    const claims = new Claims();
    claims.declare(declared, "ada@example.com", "b");
    return { claims, leaving: new Set(leaving) };
  };

  it("is one typo away: what the program declares, what leaves a list, or what this list had", () => {
    assert.equal(nearFinding(session([ID, TYPO]), TYPO, []), ID);
    assert.equal(nearFinding(session([TYPO], [ID]), TYPO, []), ID);
    assert.equal(nearFinding(session([TYPO]), TYPO, [ID]), ID);
  });

  it("is the same without the = at its end", () => {
    assert.equal(nearFinding(session([]), ID.replace("==", ""), [ID]), ID);
  });

  it("is nobody's guess where several are as near, or none", () => {
    assert.equal(nearFinding(session([]), TYPO, [ID, ID.replace("Nw==", "NX==")]), undefined);
    assert.equal(nearFinding(session(["something-else"]), TYPO, []), undefined);
  });
});
