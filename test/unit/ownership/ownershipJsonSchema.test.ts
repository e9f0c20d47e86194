import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ownershipJsonSchema } from "../../../provider/rulesFile/ownershipJsonSchema";
import { ownershipFileSchema } from "../../../provider/rulesFile/ownershipSchema";
import { writeJsonSchema } from "../../../provider/rulesFile/writeJsonSchema";
import fc from "../../support/fc";
import { brokenFiles } from "./brokenFiles";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Reads the JSON schema as an editor does, knowing nothing of the zod schema that it came from. */
const written: JsonSchema = JSON.parse(JSON.stringify(ownershipJsonSchema()));
const { anyOf: oneOfFile, ...file } = written;
const { anyOf: oneOfRule, ...rule } = ruleSchemaIn(written);
const properties = { ...file.properties, rules: { ...Object(file.properties?.rules), items: rule } };
/** zod forgives unknown keys and missing ones of what has alternatives, so those are read here. */
const editor = z.fromJSONSchema({ ...file, properties });

function ruleSchemaIn({ properties }: JsonSchema): JsonSchema {
  const rules = properties?.rules;
  assert.ok(typeof rules === "object" && typeof rules.items === "object" && !Array.isArray(rules.items));
  return rules.items;
}

/** Whether one of several alternatives holds, each of which asks for keys, or for elements of a list. */
function anyHolds(anyOf: JsonSchema["anyOf"], value: unknown): boolean {
  assert.ok(anyOf && anyOf.length > 1);
  return anyOf.some((each) => typeof each === "object" && holds(each, value));
}

function holds({ required = [], properties = {}, ...rest }: JsonSchema, value: unknown): boolean {
  assert.deepEqual(rest, { type: "object" });
  const has = (key: string) => typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return (
    required.every(has) &&
    Object.entries(properties).every(
      ([key, schema]) => z.fromJSONSchema(schema).safeParse(Reflect.get(Object(value), key)).success,
    )
  );
}

function editorAccepts(document: unknown): boolean {
  if (!editor.safeParse(document).success || !anyHolds(oneOfFile, document)) return false;
  const rules: unknown = Reflect.get(Object(document), "rules") ?? [];
  return Array.isArray(rules) && rules.every((each) => anyHolds(oneOfRule, each));
}

function accepts(document: unknown): boolean {
  const accepted = ownershipFileSchema.safeParse(document).success;
  assert.equal(editorAccepts(document), accepted, JSON.stringify(document));
  return accepted;
}

const valid = {
  scope: "@status:open",
  exclude: ["A=="],
  maxChanges: 0,
  onDelete: "keep",
  releaseRemoved: true,
  rules: [{ name: "a", query: "*", assignee: "ada@example.com", overwrite: true, note: "" }],
};

describe("the JSON schema of an ownership file", () => {
  it("accepts what the parser accepts", () => {
    assert.equal(accepts(valid), true);
    assert.equal(accepts({ rules: valid.rules }), true);
    const uuid = { ...valid.rules[0], assignee: "12345678-ABCD-4234-9234-1234567890ab" };
    assert.equal(accepts({ rules: [uuid] }), true);
    const [rule] = valid.rules;
    const { query, ...typed } = { ...rule, findingTypes: ["secret"], enabled: false, until: "2026-12-31" };
    assert.equal(accepts({ rules: [typed, { ...typed, query }] }), true);
    assert.equal(
      accepts({ rules: [{ ...rule, assignee: "@duty" }], people: { duty: "a@example.com" } }),
      true,
    );
    const { assignee, ...ownerless } = { ...rule };
    for (const assignees of [
      ["team:payments", "@duty"],
      [{ assignee: "on-call:payments" }],
      [{ assignee: "@duty", weight: 0.5 }],
    ]) {
      assert.equal(accepts({ rules: [{ ...ownerless, assignees, pick: "first", handOver: "move" }] }), true);
    }
    assert.equal(accepts({ rules: [{ ...ownerless, assignee: "none" }] }), true);
    assert.equal(accepts({ rules: [ownerless] }), false);
    assert.equal(accepts({ include: "teams/*.yaml", people: { duty: ["a@example.com"] } }), true);
    assert.equal(accepts({ include: ["a.yaml", "b.yaml"], rules: [] }), true);
  });

  for (const key of [
    "rules",
    "scope",
    "exclude",
    "maxChanges",
    "maxChangesPerOwner",
    "onDelete",
    "releaseRemoved",
    "include",
    "people",
    "unknown",
  ]) {
    it(`refuses a wrong ${key} as the parser does`, () => {
      for (const wrong of [null, 1.5, -1, "", " ", {}, [""], [1], ["x", null]]) {
        if (key === "people" && isEmptyMapping(wrong)) continue;
        assert.equal(accepts({ ...valid, [key]: wrong }), false, JSON.stringify(wrong));
      }
    });
  }

  for (const key of [
    "name",
    "query",
    "assignee",
    "assignees",
    "pick",
    "handOver",
    "overwrite",
    "findingTypes",
    "enabled",
    "until",
    "unknown",
  ]) {
    it(`refuses a rule with a wrong ${key} as the parser does`, () => {
      for (const wrong of [null, 1, "", " ", {}, []]) {
        assert.equal(accepts({ rules: [{ ...valid.rules[0], [key]: wrong }] }), false, JSON.stringify(wrong));
      }
    });
  }

  it("agrees with the parser on owners", () => {
    const part = fc.constantFrom("a", "@", ".", " ", '"', "-", "example", "12345678", "1234", "\\");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        accepts({ rules: [{ ...valid.rules[0], assignee: parts.join("") }] });
      }),
      { numRuns: 500 },
    );
    const refused = [
      "Team:payments",
      "team:",
      "None",
      "a,b@example.com",
      "ada",
      "ada@",
      "@example.com",
      "ada@example",
      "a b@example.com",
      "ada@example.com ",
      "a@b@c.de",
    ];
    for (const assignee of refused)
      assert.equal(accepts({ rules: [{ ...valid.rules[0], assignee }] }), false, assignee);
  });

  it("agrees with the parser on documents of any keys and values", () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant("keep"));
    const rule = fc.record(
      {
        name: scalar,
        query: scalar,
        assignee: fc.constant("ada@example.com"),
        overwrite: scalar,
        more: scalar,
      },
      { requiredKeys: ["name", "query", "assignee"] },
    );
    const document = fc.record(
      {
        rules: fc.array(rule, { maxLength: 2 }),
        scope: scalar,
        maxChanges: scalar,
        onDelete: scalar,
        more: scalar,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (each) => void accepts(each)),
      { numRuns: 1_000 },
    );
  });

  it("agrees with the parser on files that are broken by their shape", () => {
    const broken = brokenFiles.map(({ text }) => text.replaceAll("¦", "")).flatMap(parsed);
    assert.ok(broken.length > 15);
    for (const document of broken) accepts(document);
  });

  it("describes every key, for editors", () => {
    const described = { ...written.properties, ...ruleSchemaIn(written).properties };
    assert.equal(Object.keys(described).length, 20);
    for (const [key, schema] of Object.entries(described)) {
      assert.ok(typeof schema === "object" && schema.description, key);
    }
  });

  it("is written beside the compiled package", () => {
    const directory = mkdtempSync(join(tmpdir(), "ownership-"));
    try {
      writeJsonSchema(directory);
      const written: unknown = JSON.parse(readFileSync(join(directory, "ownership.schema.json"), "utf8"));
      assert.deepEqual(written, JSON.parse(JSON.stringify(ownershipJsonSchema())));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** Which people may be. */
function isEmptyMapping(value: unknown): boolean {
  return JSON.stringify(value) === "{}";
}

/** The document in a text, or none where it is no YAML. */
function parsed(text: string): unknown[] {
  try {
    return [parse(text)];
  } catch {
    return [];
  }
}
