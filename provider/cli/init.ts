import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { version } from "../datadog/http/version";
import { type Command, UsageError } from "./command";
import { initFiles, packageManifest } from "./initFiles";
import { PROGRAM } from "./usage";

/** Where `init --emulator` says that the emulator shall listen, so that lines can be pasted. */
const EMULATOR_PORT = 8642;
/** The emulator takes these two from anybody. */
const EMULATOR_API_KEY = "e1a7c0ffee5eed00112233445566aa01";
const EMULATOR_APP_KEY = "a11ce0ffee5eed00112233445566778899aabb02";

export const init: Command = {
  name: "init",
  operands: "[FOLDER]",
  summary: "writes a Pulumi project with ownership rules: a first program",
  details: [
    "Writes Pulumi.yaml, index.ts, ownership.yaml, tsconfig.json, .gitignore and package.json into the folder (default: this one).\n" +
      "Nothing is overwritten: where one of them is there already, none is written. A package.json that is there keeps what it\n" +
      "says, and gets the dependencies that it lacks.",
  ],
  options: [{ name: "emulator", summary: "owners are users of the emulator, which needs no keys" }],
  async run({ operands, options }, { print }) {
    const [folder = ".", ...more] = operands;
    if (more.length > 0) throw new UsageError("init takes one folder", "init");
    const forEmulator = options.emulator === true;
    writeProject(folder, forEmulator);
    print(nextCommands(folder, forEmulator));
    return 0;
  },
};

function writeProject(folder: string, forEmulator: boolean): void {
  const files = initFiles({ folderName: basename(resolve(folder)), forEmulator });
  const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (there.length > 0) {
    const verb = there.length === 1 ? "is" : "are";
    throw new Error(
      `${there.join(", ")} ${verb} there already, so nothing was written: run init in a folder without ${there.length === 1 ? "it" : "them"}`,
    );
  }
  const manifestFile = join(folder, "package.json");
  const existing = existsSync(manifestFile) ? readFileSync(manifestFile, "utf8") : undefined;
  const manifest = packageManifest(existing, version, process.versions.node);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { flag: "wx" });
  writeFileSync(manifestFile, manifest);
}

/** The lines of the README, in its order. */
function nextCommands(folder: string, forEmulator: boolean): string {
  const steps = [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    "npm install",
    ...(forEmulator ? EMULATOR_LINES : DATADOG_LINES),
  ];
  return [
    forEmulator ? "Written. Next:" : "Written. Put users of your organisation into ownership.yaml. Next:",
    ...steps.map((step) => `  ${step}`),
  ].join("\n");
}

const EMULATOR_LINES = [
  `npx ${PROGRAM} emulator --port ${EMULATOR_PORT} > emulator.log &`,
  `export DD_HOST=http://127.0.0.1:${EMULATOR_PORT} DD_API_KEY=${EMULATOR_API_KEY}`,
  `export DD_APP_KEY=${EMULATOR_APP_KEY}`,
  "export PULUMI_BACKEND_URL=file://$PWD PULUMI_CONFIG_PASSPHRASE=try-it",
  "pulumi stack init dev",
  "pulumi up",
];

/** After the owners are users of the organisation. */
const DATADOG_LINES = [
  "export DD_SITE=datadoghq.com DD_API_KEY=... DD_APP_KEY=...",
  `npx ${PROGRAM} validate --online ownership.yaml`,
  "pulumi stack init dev",
  "pulumi preview",
  "pulumi up",
];
