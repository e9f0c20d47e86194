import type { EmulatedFinding, EmulatedUser } from "./findingModel";
import { SeededRandom } from "./seededRandom";

export interface SeedUsersOptions {
  /** Default 12. */
  readonly count?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface SeedFindingsOptions {
  readonly count: number;
  /** Default 1. The same options give the same findings. */
  readonly seed?: number;
  /** `mixed` (default): mostly URL-safe base64 with padding, some plain, some with a tilde. */
  readonly idShape?: "base64" | "plain" | "mixed";
  /** Values of the tag `team`. */
  readonly teams?: readonly string[];
  /**
   * Detection time of the newest finding, ms since the epoch; the others are some seconds apart before it.
   */
  readonly newestAt?: number;
  /** Users of whom every finding gets one, at random; without it all start unassigned. */
  readonly owners?: readonly string[];
  /** Share of the findings that start with one of `owners`, 0 to 1; default 1. */
  readonly ownedShare?: number;
}

export const TEAMS = ["payments", "platform", "identity", "search", "mobile", "data"] as const;
const NAMES = ["Ada Moreau", "Ben Okafor", "Chloe Lindqvist", "Dario Fontana", "Emi Tanaka", "Farid Haddad"];
const MORE_NAMES = [
  "Greta Novak",
  "Hugo Almeida",
  "Ines Carvalho",
  "Jonas Berg",
  "Kira Patel",
  "Luis Ortega",
];
const SEVERITIES = ["critical", "high", "high", "medium", "medium", "medium", "low", "low", "low", "info"];
const STATUSES = ["open", "open", "open", "open", "open", "open", "open", "open", "muted", "auto_closed"];
const ENVIRONMENTS = ["production", "production", "staging", "development"];
const SERVICES = ["checkout", "ledger", "gateway", "login", "catalog", "billing", "notifier", "ingest"];
/**
 * Types of findings whose repository has a CODEOWNERS file: `@org/payments` owns what the tag `team:payments`
 * has.
 */
const CODE_TYPES: ReadonlySet<string> = new Set([
  "library_vulnerability",
  "static_code_vulnerability",
  "secret",
]);
const KINDS: readonly (readonly [type: string, resourceType: string, title: string])[] = [
  ["misconfiguration", "host", "Uninstall bind package"],
  ["misconfiguration", "aws_s3_bucket", "S3 bucket should block public access"],
  ["misconfiguration", "kubernetes_worker_node", "Kubelet client certificate rotation should be enabled"],
  ["host_and_container_vulnerability", "host", "kernel: net/sched: use the backlog for mirred ingress"],
  ["library_vulnerability", "service", "Prototype pollution in lodash"],
  ["static_code_vulnerability", "repository", "Avoid SQL built from request parameters"],
  ["secret", "repository", "AWS access key in a public file"],
  ["identity_risk", "aws_iam_role", "Role with administrative permissions has not been used in 90 days"],
];

/** Users `ada.moreau@example.com` and so on, with UUIDs. */
export function seedUsers(options: SeedUsersOptions = {}): EmulatedUser[] {
  const random = new SeededRandom((options.seed ?? 1) + 7_919);
  return Array.from({ length: options.count ?? 12 }, (_, index) => seededUser(index, random));
}

function seededUser(index: number, random: SeededRandom): EmulatedUser {
  const names = [...NAMES, ...MORE_NAMES];
  const round = Math.floor(index / names.length);
  const name = `${names[index % names.length]}${round === 0 ? "" : ` ${round + 1}`}`;
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
  return { id: random.uuid(), name, email, handle: email, disabled: false };
}

/** Deterministic findings, newest first. 100,000 take well under a second. */
export function seedFindings(options: SeedFindingsOptions): EmulatedFinding[] {
  const random = new SeededRandom(options.seed ?? 1);
  let detectedAt = options.newestAt ?? Date.UTC(2026, 0, 1);
  return Array.from({ length: options.count }, (_, index) => {
    detectedAt -= 1 + random.integer(5_000);
    return seededFinding(index, detectedAt, random, options);
  });
}

function seededFinding(
  index: number,
  detectedAt: number,
  random: SeededRandom,
  options: SeedFindingsOptions,
): EmulatedFinding {
  const [type, resourceType, title] = random.pick(KINDS);
  const resourceId = `i-${random.hex(12)}${index.toString(16).padStart(5, "0")}`;
  const service = random.pick(SERVICES);
  const team = random.pick(options.teams ?? TEAMS);
  const owned = options.owners !== undefined && random.next() < (options.ownedShare ?? 1);
  return {
    id: seededId(resourceId, random, options.idShape ?? "mixed"),
    severity: random.pick(SEVERITIES),
    status: random.pick(STATUSES),
    type,
    title,
    tags: [`team:${team}`, `env:${random.pick(ENVIRONMENTS)}`, `service:${service}`, "scored:true"],
    resourceId,
    resourceName: `${service}-${index}`,
    resourceType,
    detectedAt,
    ...(CODE_TYPES.has(type) ? { codeowners: [`@org/${team}`] } : {}),
    ...(owned ? { assigneeId: random.pick(options.owners ?? []) } : {}),
  };
}

/** Unique, as the resource's id holds the index. */
function seededId(resourceId: string, random: SeededRandom, shape: "base64" | "plain" | "mixed"): string {
  const rule = `def-00${random.integer(10)}-${random.hex(3)}`;
  const dice = shape === "mixed" ? random.integer(20) : 0;
  if (shape === "plain" || dice >= 17) return `AbCd${random.hex(4)}${resourceId.slice(2)}`;
  if (dice === 16) return `${rule}~${resourceId}`;
  const bytes = Buffer.from(`${rule}~${resourceId}`);
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
