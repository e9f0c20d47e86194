import assert from "node:assert/strict";
import { trailerSize } from "../../../provider/engine/trailerSize";
import { encodedTrailer } from "../../support/encodedTrailer";
import fc from "../../support/fc";

const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ minLength: 120, maxLength: 300 }));
/** No JSON text gives an object a property of this name that the SDK would pass on. */
const key = text.filter((each) => each !== "__proto__");
const { tree: value } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("tree"), { maxLength: 5 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
  ),
}));

describe("the size of an error's trailer", () => {
  it("is what the SDK and gRPC make of it, for any texts and properties", () => {
    const error = fc.record({
      message: text,
      id: fc.option(fc.uuid(), { nil: undefined }),
      reasons: fc.array(text, { maxLength: 5 }),
      properties: fc.dictionary(key, value, { maxKeys: 5 }),
    });
    fc.assert(
      fc.property(error, ({ id, ...rest }) => {
        const contents = { ...rest, ...(id !== undefined && { id }) };
        const more = trailerSize(contents) - encodedTrailer(contents);
        // protobuf leaves out empty texts
        assert.ok(more >= 0 && more <= 8, `${more} bytes more`);
      }),
    );
  });

  it("counts lengths of more than two bytes", () => {
    const findingIds = Array.from({ length: 3_000 }, (_, index) => `finding ${index} é`);
    const contents = { message: "m", id: "i", reasons: ["r".repeat(20_000)], properties: { findingIds } };
    assert.equal(trailerSize(contents), encodedTrailer(contents));
  });
});
