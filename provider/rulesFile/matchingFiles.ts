import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/*
 * Node 20.18 has no glob of its own, and the pattern of an `include` needs three signs only, so no package is
 * used for it.
 */

/**
 * The files that a pattern matches, relative to a folder with `/` between names, sorted by name (by UTF-16
 * code units, so that the order is the same on every machine). In a name `*` stands for any characters and
 * `?` for one; `**` alone stands for any number of folders. Names that begin with a dot are matched by a
 * pattern that begins with one, as in a shell; `**` goes into no such folder, no `node_modules` and no
 * symbolic link.
 */
export function matchingFiles(folder: string, pattern: string): string[] {
  const names = pattern.split("/").filter((name) => name !== "" && name !== ".");
  return [...new Set(matches(folder, "", names))].sort();
}

/** Signs that other programs read as patterns, and this one does not. */
export function unsupportedSign(pattern: string): string | undefined {
  return /[[\]{}!\\]/.exec(pattern)?.[0];
}

function matches(root: string, at: string, [name, ...rest]: readonly string[]): string[] {
  if (name === undefined) return [];
  if (name === "**") {
    const inner = entries(root, at).filter((entry) => entry.isDirectory() && !isHidden(entry.name));
    const below = inner.flatMap((entry) => matches(root, joined(at, entry.name), ["**", ...rest]));
    return [...matches(root, at, rest), ...below];
  }
  return namesLike(root, at, name).flatMap((found) => {
    const path = joined(at, found);
    if (rest.length > 0) return matches(root, path, rest);
    return statsOf(join(root, path))?.isFile() ? [path] : [];
  });
}

function namesLike(root: string, at: string, name: string): string[] {
  if (!/[*?]/.test(name)) return [name];
  const sign = { "*": ".*", "?": "." };
  const pattern = name.replace(/[*?]|[\\^$.+()[\]{}|]/g, (found) =>
    found === "*" || found === "?" ? sign[found] : `\\${found}`,
  );
  const like = new RegExp(`^${pattern}$`, "su");
  return entries(root, at)
    .map((entry) => entry.name)
    .filter((each) => like.test(each) && (name.startsWith(".") || !each.startsWith(".")));
}

/** None where there is no such folder. */
function entries(root: string, at: string): Dirent[] {
  const folder = join(root, at);
  return statsOf(folder)?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
}

/** undefined where there is no such file, also since a name before it is no folder. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}

function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

function joined(at: string, name: string): string {
  return at === "" ? name : `${at}/${name}`;
}
