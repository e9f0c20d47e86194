import type { CheckFailure } from "../engine/checkFailures";
import { internalInputOf } from "./internalInput";
import { processSecrets } from "./secretTexts";

type Props = Readonly<Record<string, unknown>>;

/** Those whose values stand for users, in the order in which they are made of each other. */
const OWNERS = ["assigneeId", "possibleOwners"];

/**
 * Notes the secret values among inputs or outputs, and the users that they stand for.
 * @param inputs that say what is secret; default: the properties themselves
 */
export function noteSecrets(props: Props, inputs: Props = props): void {
  const secrets = secretsOf(inputs);
  for (const path of secrets) processSecrets.add(valueAt(props, path));
  if (secrets.includes("assignee")) for (const key of OWNERS) processSecrets.add(props[key]);
}

/**
 * What is wrong with a secret input is told without a property, as the engine prints the value of a property
 * that a failure names, secret or not; and without a reason, which quotes it.
 */
export function withholdSecrets(failures: readonly CheckFailure[], inputs: Props): CheckFailure[] {
  const secrets = secretsOf(inputs);
  const told = failures.map(({ property, reason }): CheckFailure => {
    const secret = secrets.find(
      (path) => property !== "" && (isWithin(property, path) || isWithin(path, property)),
    );
    return secret === undefined
      ? { property, reason: processSecrets.redact(reason) }
      : { property: "", reason: describeWithheld(secret) };
  });
  return told.filter(({ reason }, index) => told.findIndex((other) => other.reason === reason) === index);
}

function describeWithheld(path: string): string {
  return (
    `the value of ${path} is not valid; it is secret, so neither the value nor the problem is shown: ` +
    "correct it, or preview it without pulumi.secret to see the problem"
  );
}

/**
 * Outputs that are secret inputs or made of them, as secrets. By itself the engine marks outputs of the same
 * name as a secret input; but `assigneeId` may be the value of `assignee`, and the failures name findings.
 */
export function markSecretOutputs(outs: Props, inputs: Props): Record<string, unknown> {
  const secrets = secretsOf(inputs);
  if (secrets.length === 0) return { ...outs };
  const isSecret = (name: string, value: unknown) =>
    name in inputs
      ? secrets.some((path) => isWithin(path, name))
      : !name.startsWith("__") && mayQuote(name, value);
  return Object.fromEntries(
    Object.entries(outs).map(([name, value]) => [name, isSecret(name, value) ? asSecret(value) : value]),
  );
}

/** Neither counts nor times do. */
function mayQuote(name: string, value: unknown): boolean {
  return typeof value === "object" || OWNERS.includes(name);
}

/** Source: pulumi/pulumi, sdk/nodejs/runtime/rpc.ts (specialSigKey, specialSecretSig). */
function asSecret(value: unknown): Props {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

function secretsOf(inputs: Props): readonly string[] {
  return internalInputOf(inputs)?.secrets ?? [];
}

/** Whether a path is the other one, or leads further into it: `rules[2].query` into `rules[2]`. */
function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** @param path as `rules[2].query` */
function valueAt(props: Props, path: string): unknown {
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    props,
  );
}
