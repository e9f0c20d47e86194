import assert from "node:assert/strict";
import { isOneTypoAway } from "../../../provider/core/typo";

describe("one typo", () => {
  const id = "ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNw==";

  it("is a letter more, less or other, two neighbours exchanged, or another case", () => {
    for (let at = 0; at < id.length - 1; at++) {
      const [before, letter, next, after] = [id.slice(0, at), id[at], id[at + 1], id.slice(at + 2)];
      for (const typo of [
        `${before}${next}${after}`,
        `${before}${letter}${letter}${next}${after}`,
        `${before}?${next}${after}`,
        `${before}${next}${letter}${after}`,
      ]) {
        assert.ok(isOneTypoAway(typo, id), typo);
        assert.ok(isOneTypoAway(id, typo), typo);
      }
    }
    assert.ok(isOneTypoAway(id.toUpperCase(), id));
    assert.ok(isOneTypoAway("ab", "ba"));
  });

  it("is not two of them", () => {
    for (const other of [`${id}??`, `?${id}?`, `?${id.slice(1, -1)}?`, id.slice(2), "", "something else"]) {
      assert.ok(!isOneTypoAway(other, id), other);
    }
  });
});
