import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findPulumiCli } from "../engine";

/** Whether the CLI can work with a language: its plugin is on PATH or beside the CLI. */
export function hasLanguage(language: string): boolean {
  const cli = findPulumiCli();
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...(cli ? [dirname(cli)] : [])];
  const names = [
    `pulumi-language-${language}`,
    ...(language === "python" ? ["pulumi-language-python-exec"] : []),
  ];
  // Python's host looks for its executor in its own folder.
  return folders.some((folder) => names.every((name) => isExecutable(join(folder, name))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
