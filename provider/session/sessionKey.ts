/**
 * Names something that resources of one kind share in a session, and makes it where a session has none yet.
 */
export class SessionKey<Shared> {
  constructor(readonly create: () => Shared) {}
}

/** What resources of one kind share: the session does not know what it is. */
export class SharedByKind {
  readonly #shared = new Map<SessionKey<unknown>, unknown>();

  get<Shared>(key: SessionKey<Shared>): Shared {
    const known = this.#shared.get(key);
    // Stored below, under this very key.
    if (known !== undefined) return known as Shared;
    const created = key.create();
    this.#shared.set(key, created);
    return created;
  }
}
