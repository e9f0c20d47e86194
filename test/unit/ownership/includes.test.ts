import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { matchingFiles } from "../../../provider/rulesFile/matchingFiles";
import { loadOwnershipFile } from "../../../provider/rulesFile/ownershipFile";
import { OwnershipFileError } from "../../../provider/rulesFile/ownershipFileError";

const DAY = "2026-11-26";
const root = mkdtempSync(join(tmpdir(), "findings-includes-"));

let folders = 0;

/** Writes files into a folder of their own. @returns the folder */
function written(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const folder = join(root, String(folders));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function load(files: Readonly<Record<string, string>>) {
  const folder = written(files);
  const {
    declaration,
    files: shares,
    warnings,
    locate,
  } = loadOwnershipFile(join(folder, "ownership.yaml"), DAY);
  const relative = (text: string) => text.replaceAll(`${folder}/`, "");
  return {
    rules: declaration.rules.map(({ name, assignee }) => `${name} ${assignee}`),
    shares: shares.map(({ file, rules }) => `${relative(file)} ${rules}`),
    warnings: warnings.map(({ file, line, message }) => `${relative(file)}:${line} ${relative(message)}`),
    locate,
  };
}

function problems(files: Readonly<Record<string, string>>): string[] {
  const folder = written(files);
  try {
    loadOwnershipFile(join(folder, "ownership.yaml"), DAY);
  } catch (error) {
    if (error instanceof OwnershipFileError) return error.message.replaceAll(`${folder}/`, "").split("\n");
    throw error;
  }
  return assert.fail("the files are accepted");
}

const team = (name: string, assignee = `${name}@example.com`) =>
  `rules:\n  - { name: ${name}, query: team:${name}, assignee: "${assignee}" }\n`;
const REST = 'rules:\n  - { name: rest, query: "*", assignee: duty@example.com }\n';

describe("an ownership file that includes others", () => {
  after(() => rmSync(root, { recursive: true }));

  it("takes their rules by the names of the files, and its own at the end", () => {
    const { rules, shares, warnings } = load({
      "ownership.yaml": `include: teams/*.yaml\n${REST}`,
      "teams/b.yaml": team("b"),
      "teams/a.yaml": team("a"),
      "teams/B.yaml": team("c"),
      "teams/a.yml": team("other"),
      "teams/.hidden.yaml": team("hidden"),
    });
    assert.deepEqual(rules, [
      "c c@example.com",
      "a a@example.com",
      "b b@example.com",
      "rest duty@example.com",
    ]);
    assert.deepEqual(shares, ["teams/B.yaml 1", "teams/a.yaml 1", "teams/b.yaml 1", "ownership.yaml 1"]);
    assert.deepEqual(warnings, []);
  });

  it("takes patterns in their order, each file once and itself never", () => {
    const { rules } = load({
      "ownership.yaml": `include: [z.yaml, "**/*.yaml"]\n${REST}`,
      "z.yaml": team("z"),
      "teams/deep/er/a.yaml": team("a"),
      "node_modules/x/no.yaml": team("no"),
    });
    assert.deepEqual(rules, ["z z@example.com", "a a@example.com", "rest duty@example.com"]);
  });

  it("needs no rules of its own", () => {
    const { rules, warnings } = load({ "ownership.yaml": "include: a.yaml\n", "a.yaml": team("a") });
    assert.deepEqual(rules, ["a a@example.com"]);
    assert.match(warnings[0] ?? "", /^ownership\.yaml:1 no rule matches everything/);
  });

  it("its names of people are known in the files that it includes, theirs only there", () => {
    const files = {
      "ownership.yaml": `include: "?.yaml"\npeople: { duty: duty@example.com }\nrules:\n  - { name: rest, query: "*", assignee: "@duty" }\n`,
      "a.yaml": `people: { lead: [lead@example.com] }\n${team("a", "@lead")}`,
      "b.yaml": team("b", "@duty"),
    };
    assert.deepEqual(load(files).rules, [
      "a lead@example.com",
      "b duty@example.com",
      "rest duty@example.com",
    ]);
    assert.deepEqual(problems({ ...files, "b.yaml": team("b", "@led") }), [
      "b.yaml:2:41 rules[0].assignee: people does not define @led: people defines @duty",
    ]);
    assert.deepEqual(problems({ ...files, "b.yaml": `people: { duty: b@example.com }\n${team("b")}` }), [
      'b.yaml:1:11 people.duty: the file that includes this one has the name "duty" as well: give one of the two another name',
    ]);
  });

  it("tells what is wrong with all files at once, each by its own lines", () => {
    const said = problems({
      "ownership.yaml":
        'include: [teams/*.yaml, absent/*.yaml]\nscope: "team:("\nrules:\n  - { name: a, query: "*", asignee: x@example.com }\n',
      "teams/a.yaml": `# the rules of a\n${team("a")}`,
      "teams/b.yaml": "rules:\n  - { name: b, query: [}\n",
      "teams/c.yaml": `scope: "*"\ninclude: a.yaml\nrulez: 5\n${team("c", "c")}`,
      "teams/d.yaml": "people: {}\n",
    });
    assert.deepEqual(
      said.map((line) => line.replace(/ in \/\S+$/, "")),
      [
        'ownership.yaml:1:25 include[1]: no file matches "absent/*.yaml"',
        "ownership.yaml:2:14 scope: the query is wrong at column 6: this ( is never closed",
        'ownership.yaml:4:13 rules[0].name: duplicate rule name "a": teams/a.yaml:3 has it already; name each rule once',
        'ownership.yaml:4:28 rules[0].asignee: unknown key "asignee"; did you mean "assignee"?',
        "teams/b.yaml:2:23 this is not valid YAML: this [ is never closed; write ] where it ends, on its line or indented",
        'teams/c.yaml:1:1 scope: "scope" is for all rules: it belongs in the file that includes this one',
        "teams/c.yaml:2:1 include: a file that is included cannot include others: name them all in the file that includes this one",
        'teams/c.yaml:3:1 rulez: unknown key "rulez"; did you mean "rules"?',
        'teams/c.yaml:5:41 rules[0].assignee: "c" is not an owner: the e-mail or UUID of a Datadog user is needed, like ada@example.com; did you mean "team:c"?',
        'teams/d.yaml:1:1 rules: "rules" is missing: a list of rules is needed, each with name, query and assignee',
      ],
    );
  });

  it("a rule behind one of another file that matches all is told with both places", () => {
    const said = problems({
      "ownership.yaml": `include: "*.yaml"\n${REST}`,
      "a.yaml": 'rules:\n  - { name: all, query: "*", assignee: a@example.com }\n',
      "b.yaml": team("b"),
    });
    assert.deepEqual(said, [
      'ownership.yaml:3:5 rules[0]: rule "rest" can never match: a.yaml:2 "all" before it matches everything; move "all" to the end',
      'b.yaml:2:5 rules[0]: rule "b" can never match: a.yaml:2 "all" before it matches everything; move "all" to the end',
    ]);
  });
});

describe("matchingFiles", () => {
  it("knows *, ? and **, and goes into no hidden folder, no node_modules and no symbolic link", () => {
    const folder = written({
      "a.yaml": "",
      "b(1).yaml": "",
      ".c.yaml": "",
      "teams/a.yaml": "",
      "teams/ab.yaml": "",
      "teams/x/y/z.yaml": "",
      ".git/a.yaml": "",
      "node_modules/a/a.yaml": "",
    });
    symlinkSync(join(folder, "teams"), join(folder, "linked"));
    const found = (pattern: string) => matchingFiles(folder, pattern);
    assert.deepEqual(found("*.yaml"), ["a.yaml", "b(1).yaml"]);
    assert.deepEqual(found("./a.yaml"), ["a.yaml"]);
    assert.deepEqual(found("b(1).*"), ["b(1).yaml"]);
    assert.deepEqual(found(".*.yaml"), [".c.yaml"]);
    assert.deepEqual(found("teams/?.yaml"), ["teams/a.yaml"]);
    assert.deepEqual(found("*/a.yaml"), ["linked/a.yaml", "teams/a.yaml"]);
    assert.deepEqual(found("**/*.yaml"), [
      "a.yaml",
      "b(1).yaml",
      "teams/a.yaml",
      "teams/ab.yaml",
      "teams/x/y/z.yaml",
    ]);
    assert.deepEqual(found("**/y/*"), ["teams/x/y/z.yaml"]);
    assert.deepEqual(found("teams"), []);
    assert.deepEqual(found("a.yaml/b"), []);
    assert.deepEqual(matchingFiles(join(folder, "teams"), "../*.yaml"), ["../a.yaml", "../b(1).yaml"]);
  });
});
