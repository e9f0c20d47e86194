import { nearest } from "../../core/nearest";
import { ConfigurationError } from "../errors/configurationError";

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

/** Whether a URL is that of a site's API, and not of a proxy. @param baseUrl without a slash at its end */
export function isSite(baseUrl: string): boolean {
  return sites.some((site) => baseUrl === `https://api.${site}`);
}

/** What Datadog calls its sites in its pages. */
const shortNames: ReadonlyMap<string, (typeof sites)[number]> = new Map([
  ["us1", "datadoghq.com"],
  ["us3", "us3.datadoghq.com"],
  ["us5", "us5.datadoghq.com"],
  ["eu", "datadoghq.eu"],
  ["eu1", "datadoghq.eu"],
  ["ap1", "ap1.datadoghq.com"],
  ["ap2", "ap2.datadoghq.com"],
  ["uk1", "uk1.datadoghq.com"],
  ["gov", "ddog-gov.com"],
  ["us1-fed", "ddog-gov.com"],
  ["us2-fed", "us2.ddog-gov.com"],
]);

/** Base URL of a site's API. @throws ConfigurationError that lists the sites */
export function siteUrl(site: string, setting: string): string {
  const name = site.trim().toLowerCase();
  const known = sites.find((each) => each === name);
  if (known) return `https://api.${known}`;
  const host = hostIn(name);
  const meant = sites.find((each) => each === host) ?? shortNames.get(host) ?? nearest(host, sites);
  throw new ConfigurationError(
    setting,
    site,
    `no Datadog site has this name; ${meant ? `did you mean ${meant}? ` : ""}the sites are ${sites.join(", ")}`,
  );
}

/** `datadoghq.eu` of `https://app.datadoghq.eu/security`: the address of a page, or of the API. */
function hostIn(name: string): string {
  return name
    .replace(/^https?:\/\//, "")
    .replace(/[/:?#].*$/s, "")
    .replace(/^(app|api)\./, "");
}
