/**
 * Preloaded into the processes of fresh projects. Their packages are links into this repository, which has things
 * of its own that a project lacks: with this, a process has what it would have had with copies.
 */
const { appendFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

/** The compiler that the SDK looks for beside itself is the project's to bring. */
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, parent, ...rest) {
  const ofProject =
    /^(typescript|ts-node)(\/|$)/.test(name) && /@pulumi.pulumi./.test(parent?.filename ?? "");
  if (!ofProject) return resolve.call(this, name, parent, ...rest);
  return Module.createRequire(join(process.cwd(), "package.json")).resolve(name);
};

/** Notes which files of the package run: the repository has a copy, too, which must not stand in for it. */
const compile = Module.prototype._compile;
Module.prototype._compile = function (text, file, ...rest) {
  if (/dist.(provider|program.findingsAssignment|program.findingsOwnership|policy.index)\.js$/.test(file))
    appendFileSync(process.env.LOADED_FILES, `${file}\n`);
  return compile.call(this, text, file, ...rest);
};
