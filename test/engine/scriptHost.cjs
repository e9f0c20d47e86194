"use strict";
const Module = require("node:module");
const { dirname, join, sep } = require("node:path");
const vm = require("node:vm");

/**
 * A process that runs a script of the SDK again and again, each run as in a process of its own: with its own
 * arguments, folder, environment, globals and modules. Only compiled code and libraries that remember nothing
 * outlive a run. What ends a process ends this one, and so does a run that leaves something behind when it is
 * told to end: a timer, a request. See reusedProcess.ts for what is sent and answered.
 */

const installed = join(__dirname, "..", "..", "node_modules", sep);
/** What keeps something in its modules, and is loaded anew. */
const remembers = /^(@pulumi.(pulumi.(?!proto.|runtime.closure.v8Hooks)|policy.)|ts-node.)/;
const outlives = (file) => file.startsWith(installed) && !remembers.test(file.slice(installed.length));
/** How long a script that was told to end may take to leave nothing behind, ms. */
const LONGEST_END_MS = 500;

/** Globals that those libraries make when they are loaded. */
const ofLibraries = new Set();
/** The function that a module's text is, by file: compiled once. */
const compiled = new Map();
Module.prototype._compile = function (text, filename) {
  let known = compiled.get(filename);
  if (known?.text !== text) {
    const code = vm.compileFunction(
      text.replace(/^#!.*/, ""),
      ["exports", "require", "module", "__filename", "__dirname"],
      { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
    );
    known = { text, code };
    compiled.set(filename, known);
  }
  const require = (request) => this.require(request);
  require.resolve = (request, options) => Module._resolveFilename(request, this, false, options);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const globals = outlives(filename) ? Reflect.ownKeys(globalThis) : undefined;
  const result = known.code.call(this.exports, this.exports, require, this, filename, dirname(filename));
  if (globals !== undefined)
    for (const key of Reflect.ownKeys(globalThis)) if (!globals.includes(key)) ofLibraries.add(key);
  return result;
};

/** What a process is like before the script runs: that is what it is like again afterwards. */
function remember() {
  return {
    handles: new Set(process._getActiveHandles()),
    listeners: new Map(process.eventNames().map((name) => [name, process.rawListeners(name)])),
    globals: new Set(Reflect.ownKeys(globalThis)),
    // stack traces are shown as their sources say by what stays
    properties: new Set(["emit", ...Reflect.ownKeys(process)]),
    extensions: { ...Module._extensions },
  };
}

function restore() {
  for (const name of process.eventNames())
    for (const listener of process.rawListeners(name))
      if (!before.listeners.get(name)?.includes(listener)) process.removeListener(name, listener);
  for (const key of Reflect.ownKeys(globalThis))
    if (!before.globals.has(key) && !ofLibraries.has(key)) delete globalThis[key];
  for (const key of Reflect.ownKeys(process))
    if (!before.properties.has(key)) Reflect.deleteProperty(process, key);
  for (const key of Object.keys(Module._extensions)) delete Module._extensions[key];
  Object.assign(Module._extensions, before.extensions);
  for (const file of Object.keys(Module._cache)) if (!outlives(file)) delete Module._cache[file];
  for (const [request, file] of Object.entries(Module._pathCache))
    if (!outlives(file)) delete Module._pathCache[request];
  process.exitCode = undefined;
  process.chdir(__dirname);
}

let before = remember();
/** Printed when the run under way is over; undefined while there is none. */
let mark;

process.on("message", ({ args, cwd, env, mark: given }) => {
  // the loop is to run empty when the script is done
  process.channel.unref();
  before = remember();
  mark = given;
  idleTurns = 0;
  isIdle = false;
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, ...args];
  setImmediate(() => Module._load(args[0], undefined, true));
});
// a run outlives its engine, as a process of its own does
process.on("disconnect", () => mark === undefined && process.exit());

/**
 * A handler of `beforeExit` may begin something, and the SDK's first one does so a turn later: so many turns of
 * the loop in which nothing happens are the end.
 */
const IDLE_TURNS = 3;
let idleTurns = 0;
let isIdle = false;
let afterTurn;
process.on("beforeExit", () => {
  if (mark === undefined) return;
  clearImmediate(afterTurn);
  idleTurns = isIdle ? idleTurns + 1 : 0;
  if (idleTurns === IDLE_TURNS) return finish();
  isIdle = true;
  // a second turn comes only where something else keeps the loop alive
  setImmediate(() => {
    afterTurn = setImmediate(() => {
      isIdle = false;
    }).unref();
  });
});

function finish() {
  clearInterval(closing);
  const asked = process.exitCode ?? 0;
  for (const listener of process.listeners("exit"))
    if (!before.listeners.get("exit")?.includes(listener)) listener.call(process, asked);
  const code = process.exitCode ?? asked;
  restore();
  const line = `${mark}\n`;
  mark = undefined;
  process.channel.ref();
  process.stdout.write(line);
  process.stderr.write(line);
  if (!process.connected) process.exit(code);
  process.send({ code, megabytes: process.memoryUsage.rss() / 1e6 });
}

/** A signal that the script does not handle ends it: whatever it holds open is closed. */
let closing;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    if (mark === undefined || process.listenerCount(signal) > 1) return;
    const ended = performance.now();
    const close = () => {
      if (performance.now() - ended > LONGEST_END_MS) process.kill(process.pid, "SIGKILL");
      for (const handle of process._getActiveHandles()) {
        if (before.handles.has(handle) || handle === process.stdout || handle === process.stderr) continue;
        if (typeof handle.destroy === "function") handle.destroy();
        else handle.close?.();
      }
    };
    close();
    closing = setInterval(close, 5).unref();
  });
