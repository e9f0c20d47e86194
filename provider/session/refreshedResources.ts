/**
 * Tells the diffs of a refresh from those of a program. After each read the engine asks for a diff with the
 * inputs of the last deployment, to show what has drifted; and in `up --refresh` and `destroy --refresh` the
 * same process goes on. Source: pulumi/pulumi, pkg/resource/deploy/step.go (RefreshStep.Apply).
 */
export class RefreshedResources {
  readonly #read = new Set<string>();
  readonly #checked = new Set<string>();

  /** @param name undefined in states of before names were stored */
  noteRead(kind: string, name: string | undefined): void {
    this.#read.add(keyOf(kind, name));
    this.#checked.delete(keyOf(kind, name));
  }

  /** The program declares it: the next diff is the program's. */
  noteCheck(kind: string, name: string | undefined): void {
    this.#checked.add(keyOf(kind, name));
  }

  /** Whether a diff with these names in its state and its inputs is a refresh's. */
  isOfRefresh(kind: string, stored: string | undefined, declared: string | undefined): boolean {
    return this.#read.has(keyOf(kind, stored)) && !this.#checked.has(keyOf(kind, declared));
  }
}

function keyOf(kind: string, name = ""): string {
  return JSON.stringify([kind, name]);
}
