import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { ConfigurationError } from "../errors/configurationError";
import { MissingCredentialsError } from "../errors/missingCredentialsError";

/** A value, and the config key or variable that it comes from. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/**
 * The two keys. Whatever prints, inspects or serializes this sees nothing of them: only `headers` gives them
 * out.
 */
export class Credentials {
  readonly #apiKey: string | undefined;
  readonly #appKey: string | undefined;
  readonly #names: { readonly apiKey: string; readonly appKey: string };

  constructor(apiKey: Setting | undefined, appKey: Setting | undefined) {
    this.#apiKey = apiKey?.value || undefined;
    this.#appKey = appKey?.value || undefined;
    this.#names = { apiKey: apiKey?.name ?? "datadog:apiKey", appKey: appKey?.name ?? "datadog:appKey" };
  }

  /** @throws MissingCredentialsError, and ConfigurationError for a key that no header can hold */
  headers(): Record<string, string> {
    if (this.#apiKey !== undefined && this.#appKey !== undefined) {
      return {
        "dd-api-key": checkedKey(this.#apiKey, this.#names.apiKey),
        "dd-application-key": checkedKey(this.#appKey, this.#names.appKey),
      };
    }
    throw new MissingCredentialsError([
      ...(this.#apiKey === undefined ? (["apiKey"] as const) : []),
      ...(this.#appKey === undefined ? (["appKey"] as const) : []),
    ]);
  }

  /** Whether both keys are there. */
  get complete(): boolean {
    return this.#apiKey !== undefined && this.#appKey !== undefined;
  }

  /**
   * Tells whether the API key is the same as another time: 48 bits of its SHA-256, of which nobody can make
   * the key. An organisation has API keys, so this one says whose findings are meant; the application key may
   * be replaced. undefined without a key.
   */
  get keyDigest(): string | undefined {
    if (this.#apiKey === undefined) return undefined;
    return createHash("sha256").update(`pulumi-datadog-findings ${this.#apiKey}`).digest("hex").slice(0, 12);
  }

  /**
   * The text without the keys, should an answer ever echo one; what is too short to be a key is no secret.
   */
  redact(text: string): string {
    return [this.#apiKey, this.#appKey].reduce<string>(
      (redacted, key) => (key === undefined || key.length < 8 ? redacted : redacted.replaceAll(key, "[key]")),
      text,
    );
  }

  toJSON(): string {
    return "[credentials]";
  }

  [inspect.custom](): string {
    return "[credentials]";
  }
}

function checkedKey(key: string, setting: string): string {
  if (/^[!-~]+$/.test(key)) return key;
  throw new ConfigurationError(setting, "[key]", "it has characters that no key has; copy it once more");
}
