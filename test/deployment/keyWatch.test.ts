import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../emulator";
import { KeyWatch } from "./keyWatch";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const percent = (text: string) =>
  text.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);

describe("the scan of all that deployments print and store", () => {
  const ways: Readonly<Record<string, (key: string) => string>> = {
    "as it is": (key) => `key ${key}!`,
    "without its middle": (key) => `${key.slice(0, 12)}****`,
    "its end alone": (key) => `****${key.slice(-12)}`,
    "in base64": base64,
    "in base64, one byte in": (key) => base64(`:${key}:`),
    "in base64, two bytes in": (key) => base64(`k:${key}`),
    "percent-encoded": percent,
    "as a Buffer is shown": (key) => Buffer.from(key).toString("hex").replace(/../g, "$& "),
  };
  for (const [way, form] of Object.entries(ways)) {
    it(`finds each key ${way}, printed or stored`, () => {
      for (const key of [EMULATOR_API_KEY, EMULATOR_APP_KEY]) {
        const printed = new KeyWatch();
        printed.hear(`a line with ${form(key)}`);
        assert.throws(() => printed.assertNothingTold(), /keys are in nothing/);

        const folder = mkdtempSync(join(tmpdir(), "key-watch-"));
        mkdirSync(join(folder, "deep"));
        writeFileSync(join(folder, "deep", "state.json"), JSON.stringify({ at: form(key) }));
        const stored = new KeyWatch();
        stored.read(folder);
        assert.throws(() => stored.assertNothingTold(), /state\.json/);
        rmSync(folder, { recursive: true });
      }
    });
  }

  it("finds a key that is printed in two pieces", () => {
    const watch = new KeyWatch();
    watch.hear(EMULATOR_API_KEY.slice(0, 7));
    watch.hear(EMULATOR_API_KEY.slice(7));
    assert.throws(() => watch.assertNothingTold());
  });

  it("does not follow links, which may lead in a circle", () => {
    const folder = mkdtempSync(join(tmpdir(), "key-watch-"));
    symlinkSync(folder, join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "state.json"), EMULATOR_API_KEY);
    const watch = new KeyWatch();
    watch.read(folder);
    assert.throws(
      () => watch.assertNothingTold(),
      (error) => error instanceof Error && error.message.split("state.json: ").length === 2,
    );
    rmSync(folder, { recursive: true });
  });

  it("finds nothing where there is nothing, and shows no key in its own error", () => {
    const watch = new KeyWatch();
    watch.hear("a11 and e1a7c0, which are in many texts");
    watch.assertNothingTold();
    watch.hear(`${EMULATOR_API_KEY} ${EMULATOR_APP_KEY}`);
    assert.throws(
      () => watch.assertNothingTold(),
      (error) => error instanceof Error && !error.message.includes(EMULATOR_APP_KEY.slice(8, 24)),
    );
  });
});
