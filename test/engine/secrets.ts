import { createCipheriv, createDecipheriv, createHmac, scryptSync } from "node:crypto";
import { mapMap, mapSecrets, type PropertyMap, SECRET, SIGNATURE, secret } from "./properties";

/** Encrypts the secrets of properties for the checkpoint, and lays them open again. */
export class Secrets {
  readonly #key: Buffer;

  /** One salt for all: what is hidden here are the keys of an emulator. */
  constructor(passphrase: string) {
    this.#key = scryptSync(passphrase, "embedded engine", 32);
  }

  readonly close = (map: PropertyMap): PropertyMap =>
    mapMap(map, (value) =>
      mapSecrets(value, (wrapped) => ({
        [SIGNATURE]: SECRET,
        ciphertext: this.#encrypt(JSON.stringify(wrapped["value"])),
      })),
    );

  /** A secret may also come in the open as `plaintext` (`pulumi stack export --show-secrets`). */
  readonly open = (map: PropertyMap): PropertyMap =>
    mapMap(map, (value) =>
      mapSecrets(value, ({ ciphertext, plaintext }) =>
        secret(JSON.parse(typeof plaintext === "string" ? plaintext : this.#decrypt(String(ciphertext)))),
      ),
    );

  /**
   * The nonce comes from the text: an unchanged secret keeps its ciphertext, and an unchanged state its
   * bytes.
   */
  #encrypt(plaintext: string): string {
    const nonce = createHmac("sha256", this.#key).update(plaintext).digest().subarray(0, 12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  }

  #decrypt(ciphertext: string): string {
    const bytes = Buffer.from(ciphertext, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, 12));
    try {
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new Error("the passphrase is not the one that the state was encrypted with", { cause });
    }
  }
}
