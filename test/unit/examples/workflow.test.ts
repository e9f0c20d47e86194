import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const text = z.record(z.string(), z.union([z.string(), z.boolean(), z.number()]));
const step = z.object({
  uses: z.string().optional(),
  if: z.string().optional(),
  run: z.string().optional(),
  with: text.default({}),
  env: text.default({}),
});
const job = z.object({
  if: z.string(),
  permissions: text.optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  steps: z.array(step),
});
const workflow = z.object({
  on: z.object({ pull_request: z.object({ paths: z.array(z.string()) }) }),
  permissions: text,
  env: text.optional(),
  jobs: z.record(z.string(), job),
});

const file = join(
  __dirname,
  "..",
  "..",
  "..",
  "examples",
  "ownership",
  ".github",
  "workflows",
  "findings.yml",
);
const { on, permissions, env, jobs } = workflow.parse(parse(readFileSync(file, "utf8")));
const named = (name: string) => {
  const found = jobs[name];
  assert.ok(found, `job ${name}`);
  return found;
};

describe("the example's workflow", () => {
  it("pins each action to a major version", () => {
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    assert.ok(uses.length > 0);
    for (const action of uses) assert.match(action, /^[a-z-]+\/[a-z-]+@v\d+$/);
  });

  it("gives keys to steps that need them only, and to no pull request from a fork", () => {
    assert.equal(env, undefined);
    const withSecrets = Object.entries(jobs).filter(([, { steps }]) =>
      JSON.stringify(steps).includes("secrets."),
    );
    assert.deepEqual(
      withSecrets.map(([name]) => name),
      ["preview", "deploy"],
    );
    for (const [, { steps }] of withSecrets)
      for (const { run, env } of steps) if (run?.startsWith("npm ")) assert.deepEqual(env, {});
    assert.ok(
      named("preview").if.endsWith("github.event.pull_request.head.repo.full_name == github.repository"),
    );
    assert.equal(named("deploy").if, "github.event_name != 'pull_request'");
  });

  it("keeps the file of changes of every deployment", () => {
    const { if: when, with: what } = named("deploy").steps.at(-1) ?? {};
    assert.equal(when, "always()");
    assert.equal(what?.["path"], "changes.jsonl");
  });

  it("runs for every file of the project that decides about owners, and for itself", () => {
    const { paths } = on.pull_request;
    const example = join(file, "..", "..", "..");
    const read = readdirSync(example).filter((name) => name !== ".github" && name !== "node_modules");
    assert.ok(read.length > 4);
    for (const name of read) assert.ok(paths.includes(name) || paths.includes(`${name}/**`), name);
    for (const path of ["Pulumi.*.yaml", "*.txt", "vendor/**", "package-lock.json"])
      assert.ok(paths.includes(path), path);
    assert.ok(paths.includes(relative(example, file)));
  });

  it("may read, and comment where it previews", () => {
    assert.deepEqual(permissions, { contents: "read" });
    assert.deepEqual(named("preview").permissions, { contents: "read", "pull-requests": "write" });
    assert.equal(named("deploy").permissions, undefined);
  });

  it("deploys with a refresh, one deployment after the other", () => {
    const { steps, concurrency } = named("deploy");
    const pulumi = steps.find(({ uses }) => uses?.startsWith("pulumi/"));
    assert.deepEqual(pulumi?.with, { command: "up", "stack-name": "production", refresh: true });
    assert.deepEqual(concurrency, { group: "findings-deploy", "cancel-in-progress": false });
  });

  describe("comments what the rules cover", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "workflow-"));
      program("npx", 'echo "| rule | matched |"');
      // like gh: what it is asked goes to a file, and comments are those that have been written
      program("gh", 'echo "$@" >> asked.txt\ncase "$*" in *--paginate*) cat comments.txt;; esac');
    });
    after(() => rmSync(folder, { recursive: true }));

    function program(name: string, script: string): void {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }

    /** Runs the step as the runner does. @returns what gh was asked */
    function comment(existing: string): string[] {
      writeFileSync(join(folder, "comments.txt"), existing);
      writeFileSync(join(folder, "asked.txt"), "");
      const script = named("preview").steps.find(({ run }) => run?.includes("gh "))?.run ?? "";
      const { status, stderr } = spawnSync("bash", ["-e", "-c", script], {
        cwd: folder,
        encoding: "utf8",
        env: {
          PATH: [folder, process.env["PATH"]].join(delimiter),
          GITHUB_REPOSITORY: "example/findings",
          GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
          NUMBER: "12",
        },
      });
      assert.equal(status, 0, stderr);
      return readFileSync(join(folder, "asked.txt"), "utf8").trim().split("\n");
    }

    it("anew where there is none of its own, whatever the preview has written", () => {
      const [list = "", ...rest] = comment("");
      assert.match(list, /^api --paginate repos\/example\/findings\/issues\/12\/comments --jq /);
      assert.ok(
        list.includes('.user.login == "github-actions[bot]" and (.body | startswith("<!-- findings-'),
      );
      assert.deepEqual(rest, ["pr comment 12 --body-file report.md"]);
      const report = readFileSync(join(folder, "report.md"), "utf8");
      assert.equal(report, "<!-- findings-report -->\n| rule | matched |\n");
    });

    it("by editing its own, the first if there are more", () => {
      const edit =
        "api --method PATCH repos/example/findings/issues/comments/345 --field body=@report.md --silent";
      assert.deepEqual(comment("345\n").slice(1), [edit]);
      assert.deepEqual(comment("345\n678\n").slice(1), [edit]);
    });
  });
});
