import { z } from "zod";
import { createDatadogClient } from "../datadog/client";
import { MissingCredentialsError } from "../datadog/errors/missingCredentialsError";
import { RequestError } from "../datadog/errors/requestError";
import { readSettings } from "../datadog/http/settings";
import { systemClock } from "../datadog/http/systemClock";
import { baseUrlOf, configSource } from "./pluginConfiguration";
import type { Properties } from "./properties";

/**
 * Asks Datadog whose keys these are; undefined where it does not say: they are revoked, or may not see users.
 */
export type FindOrganisation = (values: Properties) => Promise<string | undefined>;

/** How long the answer is tried for: an old proxy may be gone. ms. */
const ASKED_FOR_MS = 30_000;

/** One request, with the keys of a configuration. */
export function organisationFinder(env: NodeJS.ProcessEnv): FindOrganisation {
  return async (values) => {
    const settings = readSettings(configSource(values), env);
    try {
      const retry = { ...settings.retry, timeoutMs: Math.min(settings.retry.timeoutMs, ASKED_FOR_MS) };
      const api = createDatadogClient({
        settings: { ...settings, retry },
        clock: systemClock,
        random: Math.random,
      });
      return (await api.anyUser())?.organisationId ?? undefined;
    } catch (error) {
      if (error instanceof RequestError || error instanceof MissingCredentialsError) return undefined;
      throw error;
    }
  };
}

/** Whether both organisations are known, and are two. */
export async function areOtherOrganisations(
  olds: Properties,
  news: Properties,
  find: FindOrganisation,
): Promise<boolean> {
  const [before, after] = await Promise.all([find(olds), find(news)]);
  return before !== undefined && after !== undefined && before !== after;
}

const configuration = z.record(z.string(), z.unknown());

/**
 * The configuration of a provider, with the stack's keys of today. `refresh` and `destroy` are given what the
 * state holds: after a rotation those keys are no longer valid, and the engine hands the stack's present
 * configuration over in PULUMI_CONFIG (recordings 077 and 079). That speaks for the default provider only,
 * and only as long as it means the same organisation: a provider that is replaced releases the findings of
 * its old organisation with its old keys.
 */
export async function withCurrentKeys(
  values: Properties,
  providerName: string,
  env: NodeJS.ProcessEnv,
  find: FindOrganisation,
): Promise<Properties> {
  if (!/^default(_|$)/.test(providerName) || env["PULUMI_CONFIG"] === undefined) return values;
  const current = configuration.parse(JSON.parse(env["PULUMI_CONFIG"]));
  const { apiKey, appKey, ...rest } = values;
  const keys = Object.fromEntries(
    ["apiKey", "appKey"].flatMap((name) => (current[name] === undefined ? [] : [[name, current[name]]])),
  );
  if (baseUrlOf(current, env) !== baseUrlOf(values, env)) return values;
  if (keys["apiKey"] === apiKey && keys["appKey"] === appKey) return values;
  const renewed = { ...rest, ...keys };
  if (!readSettings(configSource(renewed), env).credentials.complete) return values;
  return (await areOtherOrganisations(values, renewed, find)) ? values : renewed;
}
