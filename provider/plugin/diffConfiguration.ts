import { isDeepStrictEqual } from "node:util";
import { isSite } from "../datadog/http/sites";
import { areOtherOrganisations, type FindOrganisation } from "./currentKeys";
import type { DiffKind } from "./detailedDiff";
import { baseUrlOf, secretSettings, settingNames } from "./pluginConfiguration";
import { type Properties, UNKNOWN } from "./properties";

export interface ConfigurationDiff {
  readonly changed: ReadonlyMap<string, DiffKind>;
  /** The settings for whose sake everything is made anew: it is another organisation's. */
  readonly replaces: readonly string[];
}

/**
 * What changes in a provider. Another site or organisation has other findings: there everything is to be
 * assigned, and what was assigned in the old one to be released with the old keys. Another URL or key is
 * asked whose it is, and replaces nothing unless it is another organisation's: otherwise what the new
 * provider assigns would be released by the old one, which is deleted last. Where nobody says whose it is,
 * each resource looks for itself, and fails before anything is sent.
 * @param olds names no API where it is not of this provider: for an alias the engine asks with what the
 * dynamic provider had, which is nothing (recordings 083 to 090), and a replacement would release everything
 * and assign it again
 */
export async function diffConfiguration(
  olds: Properties,
  news: Properties,
  env: NodeJS.ProcessEnv,
  find: FindOrganisation,
): Promise<ConfigurationDiff> {
  const changed = new Map<string, DiffKind>();
  for (const name of settingNames) {
    const [before, after] = [olds[name], news[name]];
    if (isDeepStrictEqual(before, after)) continue;
    changed.set(name, before === undefined ? "ADD" : after === undefined ? "DELETE" : "UPDATE");
  }
  if (olds["site"] === undefined && olds["apiUrl"] === undefined) return { changed, replaces: [] };
  const [before, after] = [baseUrlOf(olds, env), baseUrlOf(news, env)];
  if (before === undefined || after === undefined) return { changed, replaces: [] };
  const urls = before === after ? [] : ["site", "apiUrl"].filter((name) => changed.has(name));
  // Each site is completely independent. Source: https://docs.datadoghq.com/getting_started/site/
  if (urls.length > 0 && isSite(before) && isSite(after)) return { changed, replaces: urls };
  const keys = [...secretSettings].filter((name) => changed.has(name));
  const asked = [...urls, ...keys];
  const known = keys.every((name) => news[name] !== UNKNOWN);
  const other = asked.length > 0 && known && (await areOtherOrganisations(olds, news, find));
  return { changed, replaces: other ? asked : [] };
}
