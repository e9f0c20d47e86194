import assert from "node:assert/strict";
import { matchesQuery } from "../../../../provider/query/matchesQuery";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { assignByRules } from "../../../../provider/rules/assignRules";
import { queriesAssigningTo } from "../../../../provider/rules/queriesAssigningTo";
import fc from "../../../support/fc";
import { ownerships, testFindings, USERS } from "./ownershipArbitraries";

describe("queriesAssigningTo", () => {
  it("finds what the rules give to a user, whoever owns it, in queries of any length", () => {
    fc.assert(
      fc.property(
        ownerships,
        testFindings,
        fc.constantFrom(...USERS),
        fc.constantFrom(8_000, 200, 20),
        ({ spec, context: { ownerIds } }, { facts }, user, longest) => {
          const { rule } = assignByRules(spec, { ownerIds, deployed: [] })(facts);
          const given = queriesAssigningTo(spec, ownerIds, user.toUpperCase(), longest);
          const found = given.filter((query) => matchesQuery(parseQuery(query), facts) === true);
          assert.equal(found.length, rule?.ownerIds.includes(user) ? 1 : 0, given.join("\n"));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("needs no request where no rule is for that user", () => {
    fc.assert(
      fc.property(ownerships, ({ spec, context: { ownerIds } }) => {
        assert.deepEqual(queriesAssigningTo(spec, ownerIds, "somebody-else"), []);
      }),
      { numRuns: 20 },
    );
  });
});
