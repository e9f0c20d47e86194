"use strict";
const fs = require("node:fs");
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");
const { parse } = require("yaml");

/** What Pulumi's language host for YAML does with the resources of a program. */
const program = parse(fs.readFileSync(path.join(__dirname, "program.yaml"), "utf8"));
const schema = JSON.parse(fs.readFileSync(path.join(__dirname, "schema.json"), "utf8"));
const resources = new Map();
const config = new pulumi.Config();

for (const [name, { type, properties, options = {} }] of Object.entries(program.resources)) {
  const [, providerOf] = /^pulumi:providers:(.+)$/.exec(type) ?? [];
  if (providerOf !== undefined) {
    resources.set(name, new pulumi.ProviderResource(providerOf, name, resolve(properties)));
    continue;
  }
  const token = type.replace(/^([^:]+):(\w+)$/, "$1:index:$2");
  const outputs = Object.fromEntries(Object.keys(schema.resources[token].properties).map((key) => [key]));
  const inputs = { ...outputs, ...resolve(properties) };
  resources.set(name, new pulumi.CustomResource(token, name, inputs, resolve(options)));
}

/** `${name.output}` stands for an output of a resource that is declared before, `${name}` for it, or for what is configured. */
function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
  const [, name, output] = /^\$\{([\w-]+)(?:\.(\w+))?\}$/.exec(value) ?? [];
  if (name === undefined) return value;
  if (output !== undefined) return resources.get(name)[output];
  return resources.get(name) ?? config.requireSecret(name);
}

/** Those that a function of the plugin gives are not known here: this engine calls none. */
for (const [name, value] of Object.entries(program.outputs ?? {})) {
  const [, source] = /^\$\{([\w-]+)\./.exec(value) ?? [];
  if (resources.has(source)) exports[name] = resolve(value);
}
