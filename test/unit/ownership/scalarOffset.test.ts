import assert from "node:assert/strict";
import { isMap, isScalar, parseDocument, Scalar, stringify } from "yaml";
import { type ScalarStyle, scalarOffset } from "../../../provider/rulesFile/scalarOffset";
import fc from "../../support/fc";

const STYLES: ReadonlyArray<readonly [ScalarStyle, Scalar.Type]> = [
  ["plain", Scalar.PLAIN],
  ["single", Scalar.QUOTE_SINGLE],
  ["double", Scalar.QUOTE_DOUBLE],
  ["block", Scalar.BLOCK_LITERAL],
  ["block", Scalar.BLOCK_FOLDED],
];

const words = fc.array(
  fc.constantFrom("team:a", "OR", "it's", "é", "😀", "\\d", "a-rather-long-word", "(b"),
  {
    minLength: 1,
    maxLength: 25,
  },
);

describe("scalarOffset", () => {
  for (const [style, type] of STYLES) {
    it(`finds every word of a text in its source as ${type}, folded and escaped as the writer likes`, () => {
      fc.assert(
        fc.property(words, fc.nat(), (list, choice) => {
          const index = choice % list.length;
          const text = [...list.slice(0, index), "HERE", ...list.slice(index)].join(" ");
          const scalar = new Scalar(text);
          scalar.type = type;
          const file = stringify({ query: scalar }, { lineWidth: 30 });
          const { source, value, written } = scalarOf(file);
          assert.equal(value.trimEnd(), text);
          fc.pre(written === type);
          const offset = scalarOffset(source, style, value, value.indexOf("HERE"));
          assert.equal(source.slice(offset, offset + 4), "HERE", file);
        }),
      );
    });
  }

  it("knows the escapes of double quotes", () => {
    const file = 'query: "\\x41\\u0042\\U0001F600\\t\\"\\\n    \\\\ HERE"\n';
    const { source, value } = scalarOf(file);
    const offset = scalarOffset(source, "double", value, value.indexOf("HERE"));
    assert.equal(source.slice(offset, offset + 4), "HERE");
  });

  it("the end of the text is no further than the end of the source", () => {
    for (const source of ["a b", '"a b"', "|\n  a b\n"]) {
      const { value } = scalarOf(`query: ${source}`);
      assert.ok(scalarOffset(source, "plain", value, value.length) <= source.length);
    }
  });
});

function scalarOf(file: string): { source: string; value: string; written: unknown } {
  const document = parseDocument(file);
  const node = isMap(document.contents) ? document.contents.get("query", true) : undefined;
  if (!isScalar(node) || !node.range || typeof node.value !== "string") return assert.fail(file);
  return { source: file.slice(node.range[0], node.range[1]), value: node.value, written: node.type };
}
