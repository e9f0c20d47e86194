"use strict";
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("esbuild");

/**
 * Loads TypeScript in mocha's processes. tsx would do; but it has every function keep its name, anew each time
 * that one is made, which the random histories do so often that it is some 7 % of their CPU.
 */
process.setSourceMapsEnabled(true);
Module._extensions[".ts"] = (module, file) => {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    sourcefile: file,
  });
  module._compile(code, file);
};
