import assert from "node:assert/strict";
import { csvLine, csvRows, noFormula } from "../../../provider/cli/csv";
import fc from "../../support/fc";

const fieldsOf = (text: string) => csvRows(text).map(({ fields }) => fields);

describe("tables with commas", () => {
  it("have fields with and without quotes, line ends of all kinds and no empty rows", () => {
    assert.deepEqual(fieldsOf('a, b ,"c,d"\r\n"e ""f""\ng",\n\n h \r"i" ,j'), [
      ["a", "b", "c,d"],
      ['e "f"\ng', ""],
      ["h"],
      ["i", "j"],
    ]);
    assert.deepEqual(fieldsOf("\uFEFFa,b"), [["a", "b"]]);
    assert.deepEqual(fieldsOf("a,"), [["a", ""]]);
    assert.deepEqual(fieldsOf(""), []);
  });

  it("say in which line each row begins", () => {
    assert.deepEqual(
      csvRows('a\n"b\nc"\n\nd').map(({ line }) => line),
      [1, 2, 5],
    );
  });

  it("refuse quotes inside of fields, and such that are never closed", () => {
    for (const text of ['a\n"b', 'a\n"b"c,d'])
      assert.throws(() => csvRows(text), { message: /^line 2: a quote/ });
  });

  it("what is written is read again", () => {
    const field = fc.oneof(
      fc.string(),
      fc.constantFrom('"', ",", "\n", "\r\n", " a ", "-5", "=1+1", "@org/a"),
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 4 }), (fields) => {
        assert.deepEqual(fieldsOf(csvLine(fields)), [fields]);
      }),
    );
  });

  it("what a spreadsheet would compute has a mark in front", () => {
    assert.deepEqual(["=HYPERLINK(1)", "-a", "a=b"].map(noFormula), ["'=HYPERLINK(1)", "'-a", "a=b"]);
  });
});
