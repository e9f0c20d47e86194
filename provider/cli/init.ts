import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { version } from "../datadog/http/version";
import { type Command, UsageError } from "./command";
import { initFiles, packageManifest } from "./initFiles";
import { PROGRAM } from "./usage";

/** Where `init --emulator` says that the emulator shall listen, so that lines can be pasted. */
const EMULATOR_PORT = 8642;

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
      `${there.join(", ")} ${verb} there already, and nothing was written: init works in a folder without ${there.length === 1 ? "it" : "them"}`,
    );
  }
  const manifestFile = join(folder, "package.json");
  const existing = existsSync(manifestFile) ? readFileSync(manifestFile, "utf8") : undefined;
  const manifest = packageManifest(existing, version, process.versions.node);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { flag: "wx" });
  writeFileSync(manifestFile, manifest);
}

function nextCommands(folder: string, forEmulator: boolean): string {
  const steps = [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    "npm install",
    ...(forEmulator
      ? [
          `npx ${PROGRAM} emulator --port ${EMULATOR_PORT}    # in another terminal; prints what to export in this one`,
        ]
      : [
          "export DD_API_KEY=... DD_APP_KEY=...    # and DD_SITE, if it is not datadoghq.com",
          `npx ${PROGRAM} validate ownership.yaml    # after the owners are users of yours`,
        ]),
    "pulumi stack init dev",
    "pulumi up",
  ];
  return ["Written. Next:", ...steps.map((step) => `  ${step}`)].join("\n");
}
