import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { seedFindings, seedUsers } from "../emulator";
import { automationEngine, findPulumiCli } from "../engine";
import { hasLanguage } from "../plugin/hasLanguage";
import { hasRegistry } from "../plugin/hasRegistry";
import { onCli } from "./onCli";
import { indented, say, title } from "./stage";
import { withTheatre } from "./theatre";

const run = promisify(execFile);

/** Where a CLI has a host for Python and pip reaches its registry, the example is deployed; elsewhere it is shown. */
export async function python(): Promise<void> {
  const runsPython = findPulumiCli() !== undefined && hasLanguage("python") && hasRegistry("pip");
  if (!runsPython) return onCli("python", "__main__.py")();
  title("The plugin: a program in Python");
  const people = ["payments-lead", "security-duty"];
  const users = seedUsers({ count: people.length }).map((user, index) => {
    const email = `${people[index]}@example.com`;
    return { ...user, name: people[index] ?? "", email, handle: email, disabled: false };
  });
  const critical = { severity: "critical", status: "open", tags: ["team:payments"] } as const;
  const seeded = seedFindings({ count: 60, teams: ["payments", "mobile"] });
  const findings = seeded.map((finding, index) => ({ ...finding, ...(index < 3 && critical) }));
  const options = { example: "python", findings, users, hasPlugin: true, engine: automationEngine };
  await withTheatre(options, async (theatre) => {
    await makeSdk(theatre.projectDir);
    say("\n  examples/python/__main__.py\n");
    indented(readFileSync(join(theatre.projectDir, "__main__.py"), "utf8").trimEnd());
    theatre.owners();
    await theatre.run("preview");
    await theatre.run("up");
    theatre.owners();
    await theatre.run("destroy");
    theatre.owners();
  });
}

/** `pulumi package add`, in an environment of its own beside the project, which is copied where it runs. */
async function makeSdk(projectDir: string): Promise<void> {
  const folder = dirname(projectDir);
  const [venv, bin] = [join(folder, "venv"), join(projectDir, "node_modules", ".bin")];
  await run("python3", ["-m", "venv", venv]);
  const file = join(projectDir, "Pulumi.yaml");
  const project = readFileSync(file, "utf8")
    .replace("virtualenv: venv", `virtualenv: ${venv}`)
    .replace("path: node_modules/.bin", `path: ${bin}`);
  writeFileSync(file, project);
  await run("pulumi", ["package", "add", join(bin, "pulumi-resource-datadog-findings")], {
    cwd: projectDir,
    env: { ...process.env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
}
