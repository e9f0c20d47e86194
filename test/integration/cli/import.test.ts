import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { type EmulatorServer, seedFindings, startEmulator } from "../../emulator";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

describe("import on the command line", () => {
  const folder = mkdtempSync(join(tmpdir(), "findings-import-"));
  /** Of 60 findings 30 have code owners: 20 the one, 15 the other, 5 of them both, and one a third. */
  const findings = seedFindings({ count: 60 }).map(({ codeowners: _, ...finding }, index) => {
    const codeowners = [
      ...(index < 20 ? ["@org/payments"] : []),
      ...(index >= 15 && index < 30 ? ["@org/web"] : []),
      ...(index === 29 ? ['@odd "one"\n- x'] : []),
    ];
    return codeowners.length > 0 ? { ...finding, codeowners } : finding;
  });
  let server: EmulatorServer;

  before(async () => {
    server = await startEmulator({ findings });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) => runCommand(emulatorEnvironment(server), args);

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** What is written passes `validate`. */
  async function validated(text: string): Promise<{ content: unknown; said: string }> {
    const { code, out, err } = await run("validate", file("written.yaml", text));
    assert.equal(code, 0, err + text);
    return { content: parse(text), said: out };
  }

  describe("codeowners", () => {
    const map = () =>
      file("owners.csv", "codeowner,owner\n@org/web,web@example.com\n@org/payments,pay@example.com\n");

    it("writes a rule for each code owner that the map knows, most findings first, and the others as comments", async () => {
      server.emulator.requests.reset();
      const { code, out, err } = await run("import", "codeowners", "--map", map());
      assert.equal(code, 0, err);
      assert.equal(server.emulator.requests.count("search"), 1);
      assert.deepEqual((await validated(`${out}\n`)).content, {
        rules: [
          { name: "@org/payments", query: '@git.codeowners:"@org/payments"', assignee: "pay@example.com" },
          { name: "@org/web", query: '@git.codeowners:"@org/web"', assignee: "web@example.com" },
        ],
      });
      assert.match(
        out,
        /^# The code owners of 30 findings in Datadog on 2026-11-26, most findings first\.$/m,
      );
      assert.match(out, /^ {2}# 20 findings\n {2}- name: "@org\/payments"$/m);
      assert.match(out, /^ {2}# 15 findings\n {2}- name: "@org\/web"$/m);
      assert.match(
        out,
        /^ {2}# No owner is known for these:\n {2}# 1 finding\n {2}# - name: "@odd \\"one\\"\\n- x"$/m,
      );
    });

    it("a code owner that is a team in Datadog by the same handle is that team, unless the map says otherwise", async () => {
      const team = { id: "5ab1ea0f-0000-4000-8000-000000000001", handle: "Web", name: "Web", memberIds: [] };
      server.emulator.putTeam(team);
      const { code, out, err } = await run("import", "codeowners");
      const mapped = await run("import", "codeowners", "--map", map());
      server.emulator.removeTeam(team.id);
      assert.equal(code, 0, err);
      assert.deepEqual((await validated(out)).content, {
        rules: [{ name: "@org/web", query: '@git.codeowners:"@org/web"', assignee: "team:web" }],
      });
      assert.match(mapped.out, /assignee: "web@example\.com"/);
    });

    it("--scope counts within a query and is written, and --limit says how many findings are read", async () => {
      const scoped = await run(
        "import",
        "codeowners",
        "--map",
        map(),
        "--scope",
        "@severity:low OR @severity:info",
      );
      const isLow = ({ severity }: { severity: string }) => severity === "low" || severity === "info";
      const low = findings.slice(0, 20).filter(isLow).length;
      assert.ok(scoped.out.includes(`# ${low} findings\n  - name: "@org/payments"`), scoped.out);
      const { content } = await validated(scoped.out);
      assert.equal(Reflect.get(Object(content), "scope"), "@severity:low OR @severity:info");
      const few = await run("import", "codeowners", "--map", map(), "--limit", "7");
      assert.match(
        few.out,
        /^# The code owners of 7 findings .* There are more findings: --limit says how many are read\.$/m,
      );
    });

    it("--output writes a file once, and prints a line with the count for each code owner", async () => {
      const output = join(folder, "new.yaml");
      const first = await run("import", "codeowners", "--map", map(), "--output", output);
      assert.deepEqual(first.out.replaceAll(`${folder}/`, "").split("\n"), [
        "@org/payments -> pay@example.com: 20 findings",
        "@org/web -> web@example.com: 15 findings",
        '@odd "one" - x -> no owner is known, so it is a comment: 1 finding',
        "new.yaml: 2 of 3 code owners have a rule",
      ]);
      const written = readFileSync(output, "utf8");
      const second = await run("import", "codeowners", "--map", map(), "--output", output);
      assert.equal(second.code, 1);
      assert.match(second.err, /new\.yaml is there already, and is not overwritten: /);
      assert.equal(readFileSync(output, "utf8"), written);
    });

    it("guesses nobody: without a map it prints the table to fill in", async () => {
      const { code, out, err } = await run("import", "codeowners");
      assert.deepEqual([code, out], [1, ""]);
      const [said, ...table] = err.split("\n");
      assert.match(said ?? "", /^no owner is known for any code owner, so there is no rule to write\. /);
      assert.deepEqual(table.slice(0, 3), ["codeowner,owner", "@org/payments,", "@org/web,"]);
    });

    it("says what is wrong with a map, by its lines", async () => {
      const wrong = file(
        "wrong.csv",
        '@org/a,nobody\n"",a@example.com\n@org/a,a@example.com\n@org/b,b@example.com,5\n@org/c,\n',
      );
      const { code, err } = await run("import", "codeowners", "--map", wrong);
      assert.equal(code, 1);
      assert.deepEqual(
        err
          .replaceAll(`${folder}/`, "")
          .split("\n")
          .map((line) => line.replace(/is needed, like.*/, "is needed")),
        [
          'wrong.csv:1 "nobody" is not an owner: write none to leave the findings alone',
          "wrong.csv:2 a code owner is needed in the first column, like @org/payments",
          "wrong.csv:3 @org/a is there already, in line 1: keep one of the two",
          "wrong.csv:4 there are 3 columns: two are needed, the code owner and the owner",
        ],
      );
    });

    it("says that no finding has code owners", async () => {
      const { code, err } = await run("import", "codeowners", "--map", map(), "--scope", "team:gone");
      assert.deepEqual([code, err], [1, "no finding in scope has code owners (@git.codeowners)"]);
    });
  });

  describe("csv", () => {
    it("writes a rule for each row in the order of the table, without a request", async () => {
      server.emulator.requests.reset();
      const table = file(
        "rules.csv",
        'query,owner\n"@severity:(critical, high)",a@example.com\nteam:b,b@example.com,b\n*,c@example.com\n',
      );
      const wrong = await run("import", "csv", table);
      assert.equal(wrong.code, 0, wrong.err);
      const { content, said } = await validated(wrong.out);
      assert.deepEqual(content, {
        rules: [
          {
            name: "@severity:(critical, high)",
            query: "@severity:(critical, high)",
            assignee: "a@example.com",
          },
          { name: "b", query: "team:b", assignee: "b@example.com" },
          { name: "*", query: "*", assignee: "c@example.com" },
        ],
      });
      assert.match(said, /3 rules, valid/);
      assert.equal(server.emulator.requests.count(), 0);
    });

    it("tells what is wrong by file and line, and writes nothing", async () => {
      const table = file(
        "broken.csv",
        "*,a@example.com\nteam:b,b@example.com\nteam:(,c@example.com\nteam:d,d\n\nteam:e\nteam:f,f@example.com,f,g\n",
      );
      const output = join(folder, "never.yaml");
      const { code, out, err } = await run("import", "csv", table, "--output", output);
      assert.deepEqual([code, out], [1, ""]);
      const said = err.replaceAll(`${folder}/`, "");
      for (const each of [
        /^broken\.csv:7 there are 4 columns: /m,
        /^broken\.csv:2 rule "team:b" can never match: broken\.csv:1 "\*" before it matches everything/m,
        /^broken\.csv:3 the query is wrong at column 6: this \( is never closed$/m,
        /^broken\.csv:4 "d" is not an owner: /m,
        /^broken\.csv:6 "" is not an owner: /m,
      ]) {
        assert.match(said, each);
      }
      assert.throws(() => readFileSync(output), { code: "ENOENT" });
    });

    it("says what is no table", async () => {
      for (const [text, reason] of [
        ["query,owner\n", /empty\.csv: there are no rows: a query and an owner are needed in each$/],
        ['@git.codeowners:"a b",c@example.com\n', /empty\.csv: line 1: a quote stands alone/],
      ] as const) {
        const { code, err } = await run("import", "csv", file("empty.csv", text));
        assert.equal(code, 1);
        assert.match(err, reason);
      }
      assert.match(
        (await run("import", "csv", join(folder, "absent.csv"))).err,
        /absent\.csv cannot be read: ENOENT/,
      );
    });
  });

  it("says what is wrong with the usage", async () => {
    for (const [args, reason] of [
      [["import"], /^there is no command import: the commands are import codeowners, import csv; /],
      [
        ["import", "yaml"],
        /^there is no command import yaml: the commands are import codeowners, import csv; /,
      ],
      [["import", "csv"], /^import csv needs a table; npx pulumi-datadog-findings import csv --help/],
      [["import", "csv", "a", "b"], /^import csv takes one table: leave out b; /],
      [["import", "codeowners", "a"], /^import codeowners takes no file: leave out a; /],
      [["import", "codeowners", "--limit", "0"], /^--limit is 0: /],
    ] as const) {
      const { code, err } = await run(...args);
      assert.equal(code, 2);
      assert.match(err, reason);
    }
  });
});
