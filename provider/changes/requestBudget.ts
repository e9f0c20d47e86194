/** So many requests and no more. */
export class RequestBudget {
  #spent = 0;

  constructor(readonly total: number) {}

  /** Takes one; false: there is none left. */
  spend(): boolean {
    if (this.#spent >= this.total) return false;
    this.#spent++;
    return true;
  }

  get halfSpent(): boolean {
    return this.#spent >= this.total / 2;
  }
}
