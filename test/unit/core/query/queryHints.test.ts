import assert from "node:assert/strict";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { queryHints, suggestedQuery } from "../../../../provider/query/queryHints";
import fc from "../../../support/fc";
import { queries } from "./queryArbitraries";

const said = (query: string) => queryHints(query).map(({ start, message }) => `${start} ${message}`);

describe("queryHints", () => {
  it("an attribute without its @ looks at tags", () => {
    assert.deepEqual(said("team:web severity:critical"), [
      "9 severity: looks for a tag: did you mean the attribute @severity?",
    ]);
    assert.equal(suggestedQuery("team:web severity:critical"), "team:web @severity:critical");
    assert.equal(suggestedQuery("-status:(open OR muted)"), "-@status:(open OR muted)");
    assert.equal(suggestedQuery('git.codeowners:"@org/a"'), '@git.codeowners:"@org/a"');
  });

  it("a tag with an @ looks at an attribute that is not there", () => {
    assert.equal(suggestedQuery("@team:web @env:prod"), "team:web env:prod");
  });

  it("names and values one typo away from what Datadog documents", () => {
    for (const [query, suggested] of [
      ["@severty:critical", "@severity:critical"],
      ["@Severity:critical", "@severity:critical"],
      ["@svererity:critical", undefined],
      ["@sveerity:critical", "@severity:critical"],
      ["@severity:Critical", "@severity:critical"],
      ["@severity:critcal", "@severity:critical"],
      ['@severity:"hihg"', "@severity:high"],
      ["@severity:(critical OR hgh)", "@severity:(critical OR high)"],
      ["severity:critcal", "@severity:critical"],
      ["@finding_type:secrets", "@finding_type:secret"],
      ["@workflow.due_date.is_overdu:True", "@workflow.due_date.is_overdue:true"],
    ] as const) {
      assert.equal(suggestedQuery(query), suggested, query);
    }
  });

  it("says nothing of what is right, or like nothing that is documented", () => {
    for (const query of [
      "*",
      "@severity:(critical OR high) -@status:muted team:web service:a",
      "@severity:* @severity:cr* @sever*:critical @severity:[1 TO 5]",
      "@custom.field:5 mytag:severity critical @status:triaged",
      "origin:agent resource_type:host @git.codeowners:@org/team",
      "@cloud_resource.cloud_provider:AWS",
    ]) {
      assert.deepEqual(said(query), [], query);
    }
  });

  it("what is suggested is a query, with nothing more to suggest", () => {
    fc.assert(
      fc.property(queries, (right) => {
        const query = right.replaceAll("@severity", "severity").replaceAll("critical", "critcal");
        const suggested = suggestedQuery(query);
        if (suggested === undefined) return;
        parseQuery(suggested);
        assert.equal(suggestedQuery(suggested), undefined, `${query} -> ${suggested}`);
      }),
      { numRuns: 500 },
    );
  });
});
