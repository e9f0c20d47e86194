import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SimulatedClock, startEmulator } from "../../emulator";
import { exampleWorld } from "../../emulator/exampleWorld/exampleWorld";
import { ChromiumPage, findChromium } from "../../support/chromium";
import { emulatorEnvironment, runCommand } from "../../support/commandLine";

/** Where the pictures are to stay, to be looked at. Default: nowhere. */
const PICTURES = process.env["REPORT_PICTURES"];

const RULES = `
scope: "@status:open"
rules:
  - { name: payments, query: "team:payments", assignee: "on-call:payments" }
  - { name: platform and identity, query: "team:(platform OR identity)", assignee: "team:platform" }
  - { name: mobile, query: "team:mobile", assignees: [nobody@example.com, "team:mobile"], pick: first }
  - { name: web, query: "team:web severity:critical", assignee: web-lead@example.com }
  - name: a rule with a rather long name for the findings of data and of search
    query: "team:(data OR search)"
    assignees: ["team:data", "on-call:search", { assignee: data-lead@example.com, weight: 2 }]
  - { name: checkout, query: "team:checkout", assignee: no-such-lead@example.com }
  - { name: cloud, query: "team:(storage OR compute OR networking)", assignee: "team:storage", overwrite: true }
  - { name: accepted, query: "team:legal", assignee: none }
  - { name: rest of what is serious, query: "@severity:(critical OR high)", assignee: "on-call:security" }
`;

/** The page of an organisation in which everything occurs that the page can say. */
async function writePage(folder: string): Promise<string> {
  const clock = new SimulatedClock(Date.UTC(2026, 10, 26, 9));
  const server = await startEmulator({ clock, ...exampleWorld({ count: 900 }) });
  try {
    const rules = join(folder, "ownership.yaml");
    const old = join(folder, "old.json");
    const page = join(folder, "report.html");
    writeFileSync(rules, RULES);
    const report = async (...args: string[]) => {
      const { code, err } = await runCommand(emulatorEnvironment(server), ["report", rules, ...args]);
      assert.equal(code, 0, err);
    };
    const { emulator } = server;
    const [first, second] = emulator.users;
    assert.ok(first && second);
    await report("--format", "json", "--output", old);
    const { findings } = JSON.parse(readFileSync(old, "utf8"));
    for (const { id } of findings.slice(100, 140)) emulator.reassignByHand(id, first.id);
    for (const { id } of findings.slice(140, 150)) emulator.reassignByHand(id, second.id);
    await report("--format", "html", "--since", old, "--output", page);
    return page;
  } finally {
    await server.close();
  }
}

/** In the page: the least contrast of any text with what is behind it, and which text that is. */
const WORST_CONTRAST = `(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  let worst = { contrast: 21, text: "" };
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (text.length === 0 || element.checkVisibility?.() === false) continue;
    const [one, other] = [light(parts(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < worst.contrast) worst = { contrast, text: text[0].data };
  }
  return worst;
})()`;

/** In the page: elements whose content is wider than they are. */
const CUT_OFF = `[...document.body.querySelectorAll("*")].filter((element) =>
  !element.closest("thead") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 &&
  getComputedStyle(element).display !== "inline").map((element) => element.outerHTML.slice(0, 80))`;

const FOCUSED = `(() => {
  const { activeElement: at } = document;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return { tag: at.tagName, label: at.getAttribute("aria-label") ?? at.textContent, outline: outlineStyle + " " + outlineWidth };
})()`;

const chromium = findChromium();

describe("the page of the report, in a real Chromium", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "report-page-"));
  let page: ChromiumPage;
  let url: string;

  before(async function () {
    if (chromium === undefined) return this.skip();
    url = pathToFileURL(await writePage(folder)).href;
    const opened = await ChromiumPage.open(chromium).catch((error: Error) => error);
    if (opened instanceof Error) {
      console.log(`    ${chromium} does not start here: ${opened.message}`);
      return this.skip();
    }
    page = opened;
  });
  beforeEach(() => page.goto(url));
  after(async () => {
    await page?.close();
    rmSync(folder, { recursive: true });
  });

  for (const scheme of ["light", "dark"] as const) {
    for (const width of [1_200, 400]) {
      it(`fits into ${width} pixels and is readable, in ${scheme} colours`, async () => {
        await page.look(width, scheme);
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
        assert.deepEqual(await page.evaluate(CUT_OFF), []);
        const { contrast, text } = Object(await page.evaluate(WORST_CONTRAST));
        assert.ok(contrast >= 4.5, `${contrast} of "${text}"`);
        const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        const isLight = String(background) === "rgb(255, 255, 255)";
        assert.equal(isLight, scheme === "light");
        await page.goto(url);
        const picture = await page.screenshot();
        assert.equal(picture.subarray(1, 4).toString(), "PNG");
        assert.equal(picture.readUInt32BE(16), width);
        if (PICTURES === undefined) return;
        mkdirSync(PICTURES, { recursive: true });
        writeFileSync(join(PICTURES, `report-${width}-${scheme}.png`), picture);
      });
    }
  }

  it("is one file that asks for nothing else", () => {
    assert.ok(page.requested.length > 0);
    assert.ok(
      page.requested.every((each) => each === url),
      page.requested.join(" "),
    );
  });

  it("is usable by keyboard: Tab comes to each table and list with a visible outline, Enter opens a list", async () => {
    await page.look(400, "light");
    const wanted = Number(
      await page.evaluate(
        `[...document.querySelectorAll("[tabindex], summary")].filter((each) => each.checkVisibility()).length`,
      ),
    );
    const seen: string[] = [];
    for (let at = 0; at < wanted; at++) {
      await page.press("Tab");
      const { tag, label, outline } = Object(await page.evaluate(FOCUSED));
      assert.ok(["DIV", "SUMMARY"].includes(tag), tag);
      assert.match(outline, /^(solid|auto) [1-9]/, label);
      seen.push(label);
      if (tag !== "SUMMARY") continue;
      await page.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.parentElement.open"), true);
      await page.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.parentElement.open"), false);
    }
    assert.ok(seen.length > 5 && new Set(seen).size > 5, seen.join());
  });

  it("is printed on white, also for who reads in the dark, without what only a screen needs", async () => {
    await page.look(1_200, "dark", "print");
    assert.equal(
      await page.evaluate("getComputedStyle(document.body).backgroundColor"),
      "rgb(255, 255, 255)",
    );
    assert.equal(await page.evaluate("getComputedStyle(document.querySelector('details')).display"), "none");
    await page.look(720, "dark", "print");
    assert.deepEqual(await page.evaluate(CUT_OFF), []);
    const sheet = await page.screenshot();
    const pdf = await page.print();
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    if (PICTURES !== undefined) writeFileSync(join(PICTURES, "report-print.png"), sheet);
  });
});
