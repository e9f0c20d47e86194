import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedUser, seedFindings } from "../emulator";
import { type DeploymentResult, embeddedEngine } from "../engine";
import { exampleUsers } from "../support/exampleUsers";
import { findingsResources, judge } from "../support/policyJudge";
import { PolicyServer, type Violation } from "../support/policyServer";
import { indented, numbered, printed, say, title } from "./stage";
import { type Theatre, withTheatre } from "./theatre";

const pack = join(__dirname, "..", "..", "examples", "policy-pack");
const foreigner = "kim@mail.example";

/** A pull request that the pack refuses, and the rules as they were, which it accepts. */
export async function policyPack(): Promise<void> {
  title("Policies: which rules may be deployed");
  const findings = seedFindings({ count: 250, teams: ["payments", "platform", "mobile", "data"] });
  // the pack is asked by us here, as `pulumi` asks it: that is what no other engine lets us do
  const options = { example: "ownership", findings, users: users(), engine: embeddedEngine };
  const server = await PolicyServer.start(pack);
  try {
    await server.configure();
    await withTheatre(options, (theatre) => play(theatre, server));
  } finally {
    await server.stop();
  }
}

async function play(theatre: Theatre, server: PolicyServer): Promise<void> {
  say("  policies  @pulumi/policy's own server process\n\n  examples/policy-pack/index.ts\n");
  indented(readFileSync(join(pack, "index.ts"), "utf8").trimEnd());
  const file = join(theatre.projectDir, "ownership.yaml");
  const text = readFileSync(file, "utf8");

  title(`A pull request gives payments to ${foreigner} and takes out the last rule`);
  writeFileSync(file, edited(text));
  await judged(server, await preview(theatre), "refuses");

  title("The rules as they were");
  writeFileSync(file, text);
  await judged(server, await preview(theatre), "accepts");
}

const preview = (theatre: Theatre) => theatre.run("preview", "--policy-pack ../policy-pack");

async function judged(
  server: PolicyServer,
  result: DeploymentResult,
  expected: "accepts" | "refuses",
): Promise<void> {
  const violations = await judge(server, findingsResources(result));
  printed(`\n${renderViolations(violations, (await server.policies()).length).join("\n")}`);
  const refused = violations.some(({ level }) => level === "mandatory");
  say(`\n  ${refused ? "Refused: it is not deployed." : "Accepted."}`);
  if (refused !== (expected === "refuses")) throw new Error(`the pack was to be one that ${expected} this`);
}

/** As `pulumi` prints them, by policy. */
function renderViolations(violations: readonly Violation[], policies: number): string[] {
  if (violations.length === 0) return [`Policies: ${policies} asked, no violation`];
  return [
    `Policies: ${policies} asked, ${numbered(violations.length, "violation")}`,
    ...violations.flatMap(({ level, policy, urn, message }) => [
      `  [${level}] ${policy} (${urn.split("::").at(-1)})`,
      ...message.split("\n").map((line) => `    ${line}`),
    ]),
  ];
}

function edited(rules: string): string {
  const [kept = ""] = rules.split("  - name: rest");
  return kept.replace("payments-lead@example.com", foreigner);
}

function users(): EmulatedUser[] {
  return exampleUsers("kim").map((user) =>
    user.name === "kim" ? { ...user, email: foreigner, handle: foreigner } : user,
  );
}
