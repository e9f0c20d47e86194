import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Metafile } from "esbuild";
import { bundledPackages } from "../../plugin/bundle/bundledPackages";
import { bundlePlugin, root } from "../../plugin/bundle/main";
import { builtPlugin } from "../support/builtPlugin";
import { EngineSide } from "./pluginClient";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");

describe("the bundle of the plugin", () => {
  let metafile: Metafile;
  let folder: string;
  before(() => {
    metafile = bundlePlugin(false);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "findings-bundle-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bundle = () => Object.values(metafile.outputs)[0] ?? assert.fail("no bundle");

  it("comes with name, version and licence of each package of which it has code", () => {
    const files = Object.keys(bundle().inputs);
    const names = new Set(
      files.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
    );
    for (const name of ["zod", "undici", "google-protobuf", "@grpc/grpc-js", "@pulumi/pulumi"])
      assert.ok(names.has(name), name);
    const licenses = readFileSync(join(dirname(builtPlugin()), "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of names) {
      const { version, license } = JSON.parse(read("node_modules", name, "package.json"));
      assert.ok(licenses.includes(`\n${name} ${version} (${license})\n`), name);
      const texts = readdirSync(join(root, "node_modules", name)).filter((file) => /^LICENSE/.test(file));
      assert.ok(texts.length > 0, name);
      for (const file of texts) assert.ok(licenses.includes(read("node_modules", name, file).trim()), name);
    }
  });

  it("has one copy of each package, and needs none at run time", () => {
    const nested = Object.keys(bundle().inputs).filter((file) => file.split("node_modules/").length > 2);
    assert.deepEqual(nested, []);
    const external = bundle().imports.filter((each) => each.external);
    assert.ok(external.length > 0);
    assert.deepEqual(
      external.map(({ path }) => path).filter((path) => !isBuiltin(path) && !path.startsWith("node:")),
      [],
    );
  });

  it("runs where no package is installed, and knows its version and schema", async () => {
    const copied = join(folder, "dist", "bundle", "plugin.js");
    mkdirSync(join(folder, "plugin"));
    cpSync(builtPlugin(), copied);
    cpSync(join(root, "plugin", "schema.json"), join(folder, "plugin", "schema.json"));
    const engine = new EngineSide();
    const child = spawn(process.execPath, [copied, await engine.listen()]);
    try {
      const [port] = await once(createInterface({ input: child.stdout }), "line");
      engine.connect(Number(port));
      const { version } = JSON.parse(read("package.json"));
      assert.deepEqual(await engine.call("getPluginInfo"), { version });
      const { schema } = await engine.call("getSchema");
      assert.equal(schema, read("plugin", "schema.json"));
    } finally {
      child.kill("SIGKILL");
      engine.close();
    }
  });

  it("is not built with a package that comes without its licence", () => {
    const nested = join(folder, "node_modules", "outer", "node_modules", "@scope", "inner");
    mkdirSync(nested, { recursive: true });
    const inner = { name: "@scope/inner", version: "1.2.3", license: "MIT" };
    writeFileSync(join(nested, "package.json"), JSON.stringify(inner));
    const input = "node_modules/outer/node_modules/@scope/inner/lib/index.js";
    const output = { inputs: { [input]: { bytesInOutput: 1 } }, bytes: 1, imports: [], exports: [] };
    const made: Metafile = { inputs: {}, outputs: { "plugin.js": output } };
    assert.throws(() => bundledPackages(made, folder), /@scope\/inner 1\.2\.3 \(MIT\) has no file/);
    writeFileSync(join(nested, "LICENCE.md"), "You may.\n");
    assert.deepEqual(bundledPackages(made, folder), [{ ...inner, texts: ["You may."] }]);
  });
});
