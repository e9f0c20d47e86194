"use strict";
const Module = require("node:module");

/**
 * Preloaded in every process that the embedded engine starts. Most of the time in which `@pulumi/pulumi` loads
 * goes into modules that only the serializing of functions uses, and no program here serializes one: they load
 * when something of them is used.
 */
const deferred = new Set(["typescript", "@npmcli/arborist"]);

const load = Module._load;
Module._load = function (request, ...rest) {
  if (!deferred.has(request)) return load.call(this, request, ...rest);
  let loaded;
  const get = (_, key) => {
    if (key === "__esModule") return true;
    loaded ??= load.call(this, request, ...rest);
    return loaded[key];
  };
  return new Proxy({}, { get });
};
