import assert from "node:assert/strict";
import { nearFindings } from "../../../provider/assignment/nearFinding";
import { Claims } from "../../../provider/core/claims";

const ID = "ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNw==";
const TYPO = "ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNW==";

describe("the finding that is probably meant by an id that nobody knows", () => {
  const session = (declared: readonly string[], leaving: readonly string[] = []) => {
    const claims = new Claims();
    claims.declare(declared, "ada@example.com", "b");
    return { claims, leaving: new Map(leaving.map((id) => [id, { label: "a", isOurs: () => true }])) };
  };

  const told = (id: string, near: string) => [`Datadog shows no finding ${id}; did you mean ${near}?`];

  it("is one typo away: what the program declares, what leaves a list, or what this list had", () => {
    assert.deepEqual(nearFindings(session([ID, TYPO]), [TYPO], []), told(TYPO, ID));
    assert.deepEqual(nearFindings(session([TYPO], [ID]), [TYPO], []), told(TYPO, ID));
    assert.deepEqual(nearFindings(session([TYPO]), [TYPO], [ID]), told(TYPO, ID));
  });

  it("is the same without the = at its end", () => {
    const cut = ID.replace("==", "");
    assert.deepEqual(nearFindings(session([]), [cut], [ID]), told(cut, ID));
  });

  it("is nobody's guess where several are as near, or none", () => {
    assert.deepEqual(nearFindings(session([]), [TYPO], [ID, ID.replace("Nw==", "NX==")]), []);
    assert.deepEqual(nearFindings(session(["something-else"]), [TYPO], []), []);
  });
});
