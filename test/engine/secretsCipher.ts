import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import {
  mapMap,
  mapSecrets,
  type PropertyMap,
  type PropertyValue,
  SECRET,
  SIGNATURE,
  secret,
} from "./properties";

export const secretsProviderSchema = z.looseObject({
  type: z.string(),
  state: z.looseObject({ salt: z.string().optional() }).optional(),
});
export type SecretsProvider = z.infer<typeof secretsProviderSchema>;

/** Encrypts the secrets of properties for the checkpoint, and lays them open again. */
export interface SecretsCipher {
  readonly provider: SecretsProvider;
  open(map: PropertyMap): PropertyMap;
  close(map: PropertyMap): PropertyMap;
}

const keys = new Map<string, Promise<Buffer>>();
const ITERATIONS = 1_000_000;

/** The derivation is slow on purpose; a test process that opens the same stack again shall pay for it once. */
function deriveKey(passphrase: string, salt: string): Promise<Buffer> {
  const name = JSON.stringify([passphrase, salt]);
  const key =
    keys.get(name) ?? promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), ITERATIONS, 32, "sha256");
  keys.set(name, key);
  return key;
}

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce = "", sealed = ""] = ciphertext.split(":");
  const bytes = Buffer.from(sealed, "base64");
  if (version !== "v1" || bytes.length < 16)
    throw new Error("the state holds a ciphertext of an unknown form");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  } catch {
    throw new Error("the passphrase is not the one that the state was encrypted with");
  }
}

/**
 * AES-256-GCM under a key from the passphrase, with the salt kept in the state: the scheme of Pulumi's own
 * passphrase secrets. A secret may also come in the open as `plaintext` (`pulumi stack export --show-secrets`).
 */
export async function createCipher(passphrase: string, known?: SecretsProvider): Promise<SecretsCipher> {
  const [, salt = "", , ...check] = (known?.type === "passphrase" && known.state?.salt?.split(":")) || [];
  const usable = salt !== "" && check.length === 2;
  const chosen = usable ? salt : randomBytes(8).toString("base64");
  const key = await deriveKey(passphrase, chosen);
  if (usable) decrypt(key, `v1:${check.join(":")}`);
  // an unchanged secret keeps its ciphertext: otherwise every save would rewrite the whole state
  const ciphertexts = new Map<string, string>();
  const seal = (wrapped: PropertyMap): PropertyValue => {
    const plaintext = JSON.stringify(wrapped["value"]);
    const ciphertext = ciphertexts.get(plaintext) ?? encrypt(key, plaintext);
    ciphertexts.set(plaintext, ciphertext);
    return { [SIGNATURE]: SECRET, ciphertext };
  };
  const unseal = ({ ciphertext, plaintext }: PropertyMap): PropertyValue => {
    if (typeof plaintext === "string") return secret(JSON.parse(plaintext));
    const opened = decrypt(key, String(ciphertext));
    ciphertexts.set(opened, String(ciphertext));
    return secret(JSON.parse(opened));
  };
  return {
    provider:
      known && usable
        ? known
        : { type: "passphrase", state: { salt: `v1:${chosen}:${encrypt(key, "pulumi")}` } },
    open: (map) => mapMap(map, (value) => mapSecrets(value, unseal)),
    close: (map) => mapMap(map, (value) => mapSecrets(value, seal)),
  };
}
