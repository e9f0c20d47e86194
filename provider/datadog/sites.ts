import { distance } from "fastest-levenshtein";
import { ConfigurationError } from "./errors/configurationError";

/** Datadog's sites. Source: https://docs.datadoghq.com/getting_started/site/ */
export const sites = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "ddog-gov.com",
  "us2.ddog-gov.com",
] as const;

/** Base URL of a site's API. @throws ConfigurationError that lists the sites */
export function siteUrl(site: string, setting: string): string {
  const known = sites.find((name) => name === site.trim().toLowerCase());
  if (known) return `https://api.${known}`;
  const [nearest] = [...sites].sort((one, other) => distance(site, one) - distance(site, other));
  throw new ConfigurationError(
    setting,
    site,
    `no Datadog site has this name; did you mean ${nearest}? The sites are ${sites.join(", ")}`,
  );
}
