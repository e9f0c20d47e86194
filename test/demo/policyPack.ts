import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleWorld } from "../emulator/exampleWorld/exampleWorld";
import { type DeploymentResult, embeddedEngine } from "../engine";
import { findingsResources, judge } from "../support/policyJudge";
import { PolicyServer, type Violation } from "../support/policyServer";
import { indented, numbered, printed, say, title } from "./stage";
import { type Theatre, withTheatre } from "./theatre";

const pack = join(__dirname, "..", "..", "examples", "policy-pack");
const foreigner = "kim@mail.example";
const FOREIGNER_ID = "00000000-0000-4000-8000-00000000000f";

/** A pull request that the pack refuses, and the rules as they were, which it accepts. */
export async function policyPack(): Promise<void> {
  title("Policies: which rules may be deployed");
  const { findings, users: people, teams } = exampleWorld({ count: 250 });
  const [somebody] = people;
  const users = [
    ...people,
    ...(somebody ? [{ ...somebody, id: FOREIGNER_ID, email: foreigner, handle: foreigner }] : []),
  ];
  // the pack is asked by us here, as `pulumi` asks it: that is what no other engine lets us do
  const options = { example: "ownership", findings, users, teams, engine: embeddedEngine };
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
  const payments = join(theatre.projectDir, "teams", "payments.yaml");
  const [text, paymentsText] = [file, payments].map((path) => readFileSync(path, "utf8"));

  title(`A pull request gives payments to ${foreigner} and takes out the last rule`);
  writeFileSync(file, text?.split("  - name: rest")[0] ?? "");
  writeFileSync(payments, paymentsText?.replace("payments-lead@example.com", foreigner) ?? "");
  await judged(server, await preview(theatre), "refuses");

  title("The rules as they were");
  writeFileSync(file, text ?? "");
  writeFileSync(payments, paymentsText ?? "");
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
