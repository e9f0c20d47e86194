import { isUnknown } from "../engine/unknown";
import type { NamedUser } from "../session/knownUsers";

/** Stands for a secret in what a person reads, as in Pulumi's own output. */
const SECRET = "[secret]";

/** Names one user. */
const NAME_AND_EMAIL = /\[secret\] <\[secret\]>/g;

/** What a UserLookupError names beside an unknown owner says almost all of it. */
const NEAR_MATCHES = /("\[secret\]"[^";]*); did you mean [^?]*\?/g;
const CANDIDATES = /("\[secret\]" names more than one user): [^\n]*(?=; declare the UUID)/g;

/** The secret values that a provider process has met, and what is printed in their place. */
export class SecretTexts {
  readonly #texts = new Set<string>();

  /** Notes all texts in a value. */
  add(value: unknown): void {
    if (typeof value === "string") this.#note(value);
    else if (typeof value === "object" && value !== null)
      for (const item of Object.values(value)) this.add(item);
  }

  /** One name of a user is secret: then all are, as any of them tells who it is. */
  addNamesOf({ id, email, handle, name }: NamedUser): void {
    const names = [id, email, handle, name].flatMap((text) => text ?? []);
    if (names.some((text) => this.#texts.has(text.toLowerCase()))) this.add(names);
  }

  /**
   * A text without the secrets in it, whatever their case: Datadog may write an owner's e-mail in another one
   * than the program. Only as far as they stand alone: "lead" is not taken out of "misleading".
   */
  redact(text: string): string {
    const lowered = text.toLowerCase();
    const found = [...this.#texts].filter((secret) => lowered.includes(secret));
    if (found.length === 0) return text;
    const redacted = found
      .sort((one, other) => other.length - one.length)
      .reduce((rest, secret) => rest.replace(standingAlone(secret), SECRET), text);
    return redacted.replace(NAME_AND_EMAIL, SECRET).replace(NEAR_MATCHES, "$1").replace(CANDIDATES, "$1");
  }

  /** The same for all texts in a value. */
  redactAll(value: unknown): unknown {
    if (typeof value === "string") return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.redactAll(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redactAll(item)]));
  }

  /** In lower case, as it stands and as JSON writes it inside of quotes. */
  #note(text: string): void {
    if (text === "" || isUnknown(text)) return;
    const quoted = JSON.stringify(text).slice(1, -1);
    for (const form of [text, quoted]) this.#texts.add(form.toLowerCase());
  }
}

function standingAlone(text: string): RegExp {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const before = /^\w/.test(text) ? "(?<!\\w)" : "";
  const after = /\w$/.test(text) ? "(?!\\w)" : "";
  return new RegExp(`${before}${escaped}${after}`, "gi");
}

/** Those of this process: a message about one resource may quote another. */
export const processSecrets = new SecretTexts();
