import * as pulumi from "@pulumi/pulumi";
import { settingNames } from "../datadog/http/settingSources";
import { toRunError } from "./asRunError";

let isTold = false;

/**
 * Ends the program before anything is sent where the stack's configuration sets something under a name that
 * nobody reads. Only the program sees all names: a provider is asked for the values of names.
 */
export function checkConfiguration(): void {
  const config = pulumi.runtime.allConfig();
  if (Object.keys(config).every(isHarmless)) return;
  // Loaded when needed: it brings a dependency.
  const {
    checkSettingNames,
  }: typeof import("../datadog/http/settingNames") = require("../datadog/http/settingNames");
  const { refused, warnings } = checkSettingNames(config, process.env);
  if (refused.length > 0) throw toRunError(refused.join("\n"));
  if (!isTold) for (const warning of warnings) void pulumi.log.warn(warning);
  isTold = true;
}

function isHarmless(key: string): boolean {
  return !/^datadog(-findings)?:/.test(key) || settingNames.some((name) => key === `datadog:${name}`);
}
