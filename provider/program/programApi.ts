import * as pulumi from "@pulumi/pulumi";
import { createDatadogClient } from "../datadog/client";
import { readSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { checkConfiguration } from "./checkConfiguration";

let api: FindingsApi | undefined;

/**
 * The client of the program's own process, made at the first call from the stack's `datadog:*` configuration.
 */
export function programApi(): FindingsApi {
  api ??= connect();
  return api;
}

function connect(): FindingsApi {
  checkConfiguration();
  const settings = readSettings({ get: configValue }, process.env);
  return createDatadogClient({ settings, clock: systemClock, random: Math.random });
}

/** @param key with its namespace, such as `datadog:site` */
function configValue(key: string): string | undefined {
  const [namespace = "datadog", name = ""] = key.split(":");
  return pulumi.runtime.getConfig(`${namespace}:${name}`);
}
