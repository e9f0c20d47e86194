import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { pages, prose, root } from "./pages";

const manifest = z.object({ files: z.array(z.string()) });
const { files } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
/** What npm packs beside the manifest's `files`. */
const ALWAYS_PACKED = ["README.md", "LICENSE", "package.json"];

/**
 * The anchor that a heading gets where Markdown is shown: lower case, spaces as `-`, other signs left out.
 */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsIn(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(/^```.*?^```$/gms, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

const links = pages.flatMap(({ path, text }) =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ path, target })),
);
const relativeLinks = links.filter(({ target }) => !target.startsWith("https://"));

describe("the links of README and docs", () => {
  it("lead to files and headings that are there", () => {
    assert.ok(relativeLinks.length > 40, `${relativeLinks.length} links`);
    const broken = relativeLinks.filter(({ path, target }) => {
      const [file = "", anchor] = target.split("#");
      const full = file === "" ? join(root, path) : join(root, dirname(path), file);
      if (!existsSync(full) || !statSync(full).isFile()) return true;
      return anchor !== undefined && !anchorsIn(full).includes(anchor);
    });
    assert.deepEqual(broken, []);
  });

  it("lead to files of the package, except the one for who works on this repository", () => {
    const packed = [...files, ...ALWAYS_PACKED];
    const outside = relativeLinks
      .filter(({ target }) => !target.startsWith("#"))
      .map(({ path, target }) => relative(root, join(root, dirname(path), target.split("#")[0] ?? "")))
      .filter((file) => !packed.some((entry) => file === entry || file.startsWith(`${entry}/`)));
    assert.deepEqual([...new Set(outside)], ["CONTRIBUTING.md"]);
  });

  it("name no address of this package, which is not published", () => {
    const hosts = new Set(
      links.filter(({ target }) => target.startsWith("https://")).map(({ target }) => new URL(target).host),
    );
    assert.deepEqual([...hosts], ["www.pulumi.com"]);
  });

  it("of the README's contents name every page of docs/", () => {
    const named = links.filter(({ path }) => path === "README.md").map(({ target }) => target.split("#")[0]);
    for (const { path } of pages) if (path !== "README.md") assert.ok(named.includes(path), path);
  });
});

/** Of each line of the tables: its cells. */
function cellsIn(page: string): string[][] {
  const text = pages.find(({ path }) => path === page)?.text ?? "";
  return [...text.matchAll(/^\| ?(.*) \|$/gm)].map(([, line = ""]) => line.split(" | "));
}

describe("the README", () => {
  it("has the bench's requests as the page on costs has them", () => {
    const measured = cellsIn("docs/performance.md");
    const contenders = ["this provider", "script, official client", "40-line dynamic provider"];
    const cells = cellsIn("README.md");
    const head = cells.findIndex((line) => contenders.every((contender) => line.includes(contender)));
    const rows = cells.slice(head + 2);
    assert.equal(rows.length, 4);
    for (const [row = "", ...requests] of rows) {
      const shown = contenders.map(
        (contender) =>
          measured.find(([what, , who]) => what === row && who === contender)?.[3] ?? "not there",
      );
      assert.deepEqual(
        requests,
        shown.map((each) => each.replace(/^no: .*/, "cannot")),
        row,
      );
    }
  });

  it("has at most 900 words, code included", () => {
    const words = pages[0]?.text.split(/\s+/).filter((word) => word !== "") ?? [];
    assert.ok(words.length > 300 && words.length <= 900, `${words.length} words`);
  });
});
