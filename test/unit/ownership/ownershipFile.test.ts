import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ruleOwners } from "../../../provider/rules/declaredOwners";
import { effectiveOwnership } from "../../../provider/rules/effectiveOwnership";
import { loadOwnershipFile, type OwnershipFile } from "../../../provider/rulesFile/ownershipFile";
import { OwnershipFileError } from "../../../provider/rulesFile/ownershipFileError";
import { brokenFiles } from "./brokenFiles";

const DAY = "2026-11-26";

/** The tests of a suite run in a folder of their own, so that messages name their files without one. */
function inFolderOfItsOwn(): void {
  const workingFolder = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "findings-file-"));
  before(() => process.chdir(folder));
  after(() => {
    process.chdir(workingFolder);
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Loads a file of the working folder with this text. */
function loadText(text: string, name: string): OwnershipFile {
  writeFileSync(name, text);
  return loadOwnershipFile(name, DAY);
}

function problemsOf(text: string): OwnershipFileError {
  try {
    loadText(text, "ownership.yaml");
  } catch (error) {
    if (error instanceof OwnershipFileError) return error;
    throw error;
  }
  return assert.fail("the file is accepted");
}

/** Takes the marks out of a text, and says where they stood. */
function unmarked(marked: string): { text: string; places: string[] } {
  const pieces = marked.split("¦");
  const places = pieces.slice(0, -1).map((_, index) => {
    const lines = pieces
      .slice(0, index + 1)
      .join("")
      .split("\n");
    return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
  });
  return { text: pieces.join(""), places };
}

describe("loading the text of an ownership file", () => {
  inFolderOfItsOwn();

  it("reads all fields", () => {
    const { declaration, warnings, locate } = loadText(
      `# yaml-language-server: $schema=./ownership.schema.json
scope: "@status:open"
exclude: [A==, B==]
maxChanges: 500
maxChangesPerOwner: 50
onDelete: keep
releaseRemoved: true
rules:
  - name: payments
    query: "@severity:(critical OR high) team:payments"
    assignee: payments-lead@example.com
    overwrite: true
    note: agreed in March
  - name: rest
    query: "*"
    assignee: 12345678-1234-1234-1234-1234567890AB
`,
      "ownership.yaml",
    );
    assert.deepEqual(effectiveOwnership(declaration, DAY), {
      scope: "@status:open",
      exclude: ["A==", "B=="],
      maxChanges: 500,
      maxChangesPerOwner: 50,
      onDelete: "keep",
      releaseRemoved: true,
      rules: [
        {
          name: "payments",
          query: "@severity:(critical OR high) team:payments",
          assignee: "payments-lead@example.com",
          owners: ruleOwners({ assignee: "payments-lead@example.com" }),
          overwrite: true,
          note: "agreed in March",
        },
        {
          name: "rest",
          query: "*",
          assignee: "12345678-1234-1234-1234-1234567890ab",
          owners: ruleOwners({ assignee: "12345678-1234-1234-1234-1234567890ab" }),
          overwrite: false,
          note: undefined,
        },
      ],
    });
    assert.deepEqual(warnings, []);
    const { line, column } = locate({ path: ["rules", 1, "query"], message: "" });
    assert.deepEqual([line, column], [15, 12]);
  });

  it("fills in the defaults", () => {
    const { declaration } = loadText("rules: [{ name: a, query: '*', assignee: a@example.com }]", "o.yaml");
    const { rules, ...rest } = effectiveOwnership(declaration, DAY);
    assert.equal(rules[0]?.overwrite, false);
    assert.deepEqual(rest, {
      scope: undefined,
      exclude: [],
      maxChanges: undefined,
      maxChangesPerOwner: undefined,
      onDelete: "unassign",
      releaseRemoved: false,
    });
  });

  it("reads owners of every form, and puts all owners of a name in its place", () => {
    const { declaration } = loadText(
      `people:
  duty: [one@example.com, "team:duty"]
rules:
  - { name: a, query: team:a, assignee: "@duty", pick: first }
  - { name: b, query: team:b, assignees: [b@example.com, "@duty"] }
  - { name: c, query: team:c, assignees: [{ assignee: "@duty", weight: 2 }, c@example.com] }
  - { name: d, query: team:d, assignee: on-call:d, handOver: move }
  - { name: e, query: "*", assignee: none }
`,
      "o.yaml",
    );
    const { rules } = effectiveOwnership(declaration, DAY);
    assert.deepEqual(
      rules.map(({ assignee }) => assignee),
      [
        "one@example.com or else team:duty",
        "b@example.com, one@example.com and team:duty",
        "one@example.com, team:duty and c@example.com",
        "on-call:d",
        "none",
      ],
    );
    assert.deepEqual(
      rules[2]?.owners.owners.map(({ weight }) => weight),
      [2, 2, 1],
    );
    assert.deepEqual(rules.map(({ owners }) => owners.handOver)[3], "move");
  });

  it("takes anchors, aliases and merge keys", () => {
    const { declaration } = loadText(
      `rules:
  - &base { name: a, query: team:a, assignee: &lead a@example.com, overwrite: true }
  - { <<: *base, name: b, query: "*", assignee: *lead }
`,
      "o.yaml",
    );
    assert.equal(declaration.rules[1]?.assignee, "a@example.com");
    assert.equal(declaration.rules[1]?.overwrite, true);
  });

  it("warns of a list without a fallback, and of operators in lower case", () => {
    const { warnings } = loadText(
      "rules:\n  - { name: a, query: team:a or team:b, assignee: a@example.com }\n",
      "o.yaml",
    );
    assert.deepEqual(
      warnings.map(({ line, column, path }) => `${line}:${column} ${path}`),
      ["2:3 rules", "2:30 rules[0].query"],
    );
    assert.match(warnings[1]?.message ?? "", /"or" is a word to search for: the operator is OR/);
    assert.match(warnings[0]?.message ?? "", /end with a rule whose query is "\*"/);
  });

  for (const { what, text: marked, problems } of brokenFiles.filter((file) => file.problems.length > 0)) {
    it(`refuses ${what}, and says where`, () => {
      const { text, places } = unmarked(marked);
      const error = problemsOf(text);
      assert.equal(error.problems.length, problems.length, error.message);
      for (const [index, expected] of problems.entries()) {
        const { path, message } = error.problems[index] ?? assert.fail();
        assert.match(path === "" ? message : `${path}: ${message}`, expected);
      }
      const named = error.problems.map(({ line, column }) => `${line}:${column}`);
      assert.deepEqual([...new Set(named)], places, error.message);
    });

    it(`refuses ${what} at the same place where lines end as on Windows`, () => {
      const { text, places } = unmarked(marked);
      const named = problemsOf(text.replaceAll("\n", "\r\n")).problems.map(
        ({ line, column }) => `${line}:${column}`,
      );
      assert.deepEqual([...new Set(named)], places);
    });
  }

  it("tells all problems of a file at once, in the order of its lines", () => {
    const { text } = unmarked(brokenFiles.at(-1)?.text ?? "");
    const lines = problemsOf(text).message.split("\n");
    assert.deepEqual(
      lines.map((line) => line.replace(/^ownership\.yaml:(\d+:\d+) (\S+): .*$/, "$1 $2")),
      [
        "1:16 scope",
        "2:13 maxChanges",
        "6:15 rules[0].assignee",
        "7:5 rules[1]",
        "7:11 rules[1].name",
        "8:19 rules[1].query",
        "9:5 rules[1].assigne",
      ],
    );
  });

  it("says file, line, column, what is wrong and what would be right", () => {
    const { message } = problemsOf(unmarked(brokenFiles[0]?.text ?? "").text);
    assert.equal(
      message,
      'ownership.yaml:7:5 rules[1].asignee: unknown key "asignee"; did you mean "assignee"?',
    );
  });

  it("survives aliases that multiply", () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`,
    );
    assert.match(problemsOf(`a0: &a0 [x]\n${levels.join("\n")}\n`).message, /alias/);
  });
});

describe("loadOwnershipFile", () => {
  const directory = mkdtempSync(join(tmpdir(), "ownership-"));
  after(() => rmSync(directory, { recursive: true }));

  it("reads a file", () => {
    const path = join(directory, "ownership.yaml");
    writeFileSync(path, "rules: [{ name: a, query: '*', assignee: a@example.com }]\n");
    assert.equal(loadOwnershipFile(path, DAY).declaration.rules[0]?.name, "a");
  });

  it("a byte order mark is no character of the first line", () => {
    const path = join(directory, "marked.yaml");
    writeFileSync(path, "\uFEFFrulez: []\n");
    assert.throws(() => loadOwnershipFile(path, DAY), { message: /marked\.yaml:1:1 rulez: unknown key/ });
  });

  it("says in which folder a file does not exist, and which one may be meant", () => {
    const folder = join(directory, "folder");
    mkdirSync(folder);
    const missing = (path: string, message: string) =>
      assert.throws(() => loadOwnershipFile(path, DAY), {
        name: "OwnershipFileError",
        message: `${path}: this file does not exist${message}`,
      });
    const path = join(folder, "owners.yaml");
    missing(path, ` in ${folder}`);
    writeFileSync(join(folder, "ownership.yaml"), "");
    missing(path, ` in ${folder}; did you mean ownership.yaml?`);
    missing(join(folder, "none", "owners.yaml"), `, as there is no folder ${join(folder, "none")}`);
    assert.throws(() => loadOwnershipFile(folder, DAY), { message: /folder: cannot be read: EISDIR/ });
  });
});
