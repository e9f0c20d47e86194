import { type SeededRandom, TEAMS } from "../../emulator";
import type { Props } from "../../stack/providerProcess";
import type { DeclaredSet, DeclaredUser } from "../randomProgram";
import { type Condition, drawCondition, everything, not, ofTeam } from "./condition";
import type { DeclaredRule, DeclaredRules } from "./declaredRules";

const NAMES = ["one", "two", "three", "four", "five"];
const PINS = "pins";

/**
 * A program of one or two FindingsOwnerships, and sometimes a FindingsAssignment beside them. Rules come, go,
 * change their query, owner and place; scopes narrow, excludes grow, resources are renamed.
 */
export class RandomRules {
  readonly #ownerships = new Map<string, DeclaredRules>();
  readonly lists = new Map<string, DeclaredSet>();
  #names = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly findingIds: readonly string[],
    private readonly users: readonly DeclaredUser[],
    /**
     * Whether the rules exclude what the list declares, and so wait for it: one after another, they cannot
     * know of it.
     */
    private readonly waits: boolean,
  ) {}

  /** By name of the resource. */
  get ownerships(): Map<string, DeclaredRules> {
    const pinned = this.waits ? [...(this.lists.get(PINS)?.findingIds ?? [])] : [];
    const entries = [...this.#ownerships].map(([name, ownership]) => {
      const exclude = [...new Set([...ownership.exclude, ...pinned])];
      return [name, { ...ownership, exclude }] as const;
    });
    return new Map(entries);
  }

  /** Resources on which the others depend: what rules exclude comes from the list. */
  get first(): string[] {
    return this.waits ? [PINS] : [];
  }

  begin(): this {
    const { random } = this;
    this.#add(undefined);
    if (random.next() < 0.3) this.#share();
    return this;
  }

  copy(): RandomRules {
    const copy = new RandomRules(this.random, this.findingIds, this.users, this.waits);
    copy.#names = this.#names;
    for (const [name, ownership] of this.#ownerships) copy.#ownerships.set(name, ownership);
    for (const [name, list] of this.lists)
      copy.lists.set(name, { ...list, findingIds: new Set(list.findingIds) });
    return copy;
  }

  inputs(): Record<string, Props> {
    const rules = [...this.ownerships].map(([name, ownership]) => [name, inputsOf(ownership)] as const);
    const lists = [...this.lists].map(
      ([name, { findingIds, user }]) =>
        [name, { findingIds: [...findingIds], assignee: user.id, onMissing: "ignore" }] as const,
    );
    return Object.fromEntries([...rules, ...lists]);
  }

  change(): void {
    const changes = [
      () => this.#changeRules((rules) => [...rules, this.#newRule(rules)]),
      () => this.#changeRules((rules) => rules.filter((_, index) => index > 0)),
      () => this.#changeRules((rules) => rules.toReversed()),
      () => this.#changeRule((rule) => ({ ...rule, condition: drawCondition(this.random) })),
      () => this.#changeRule((rule) => ({ ...rule, condition: drawCondition(this.random) })),
      () => this.#changeRule((rule) => ({ ...rule, user: this.random.pick(this.users) })),
      () => this.#changeRule((rule) => ({ ...rule, user: this.random.pick(this.users) })),
      () => this.#changeRule((rule) => ({ ...rule, overwrite: !rule.overwrite })),
      () => this.#changeSettings(),
      () => this.#overlap(),
      () => this.#rename(),
      () => this.#pin(),
      () => this.#pin(),
    ];
    this.random.pick(changes)();
  }

  #add(scope: Condition | undefined): void {
    const rules: DeclaredRule[] = [];
    const count = 1 + this.random.integer(3);
    for (let index = 0; index < count; index++) rules.push(this.#newRule(rules));
    if (this.random.next() < 0.3) rules.push({ ...this.#newRule(rules), condition: everything });
    this.#ownerships.set(`rules${this.#names++}`, {
      rules,
      scope,
      exclude: [],
      releaseRemoved: this.random.next() < 0.5,
      keepOnDelete: this.random.next() < 0.15,
    });
  }

  /** A second resource for one team, which the first one leaves to it. */
  #share(): void {
    const team = ofTeam(this.random.pick(TEAMS));
    for (const [name, ownership] of this.#ownerships)
      this.#ownerships.set(name, { ...ownership, scope: not(team) });
    this.#add(team);
  }

  /** A second resource for a team that is not left to it: a mistake, where they name different owners. */
  #overlap(): void {
    if (this.#ownerships.size === 1 && this.random.next() < 0.5) this.#add(ofTeam(this.random.pick(TEAMS)));
  }

  #newRule(rules: readonly DeclaredRule[]): DeclaredRule {
    const free = NAMES.filter((name) => !rules.some((rule) => rule.name === name));
    return {
      name: this.random.pick(free.length > 0 ? free : [`rule${this.#names++}`]),
      condition: drawCondition(this.random),
      user: this.random.pick(this.users),
      overwrite: this.random.next() < 0.3,
    };
  }

  #changeRules(change: (rules: readonly DeclaredRule[]) => readonly DeclaredRule[]): void {
    const name = this.#anyName();
    const ownership = this.#ownerships.get(name);
    if (!ownership) return;
    const rules = change(ownership.rules);
    if (rules.length > 0 && rules.length <= NAMES.length) this.#ownerships.set(name, { ...ownership, rules });
  }

  #changeRule(change: (rule: DeclaredRule) => DeclaredRule): void {
    this.#changeRules((rules) => {
      const index = this.random.integer(rules.length);
      return rules.map((rule, place) => (place === index ? change(rule) : rule));
    });
  }

  #changeSettings(): void {
    const name = this.#anyName();
    const ownership = this.#ownerships.get(name);
    if (!ownership) return;
    const exclude = this.findingIds.filter(() => this.random.next() < 0.1);
    const releaseRemoved = this.random.next() < 0.5;
    const narrower = this.#ownerships.size === 1 && this.random.next() < 0.3;
    this.#ownerships.set(name, {
      ...ownership,
      exclude,
      releaseRemoved,
      ...(narrower && { scope: this.random.next() < 0.5 ? undefined : drawCondition(this.random) }),
    });
  }

  #rename(): void {
    const name = this.#anyName();
    const ownership = this.#ownerships.get(name);
    if (!ownership) return;
    this.#ownerships.delete(name);
    this.#ownerships.set(`rules${this.#names++}`, ownership);
  }

  #pin(): void {
    if (this.random.next() < 0.3) {
      this.lists.delete(PINS);
      return;
    }
    const findingIds = new Set(this.findingIds.filter(() => this.random.next() < 0.15));
    this.lists.set(PINS, {
      findingIds,
      user: this.random.pick(this.users),
      byEmail: false,
      onMissing: "ignore",
    });
  }

  #anyName(): string {
    return this.random.pick([...this.#ownerships.keys()]);
  }
}

function inputsOf({ rules, scope, exclude, releaseRemoved, keepOnDelete }: DeclaredRules): Props {
  return {
    rules: rules.map(({ name, condition, user, overwrite }) => ({
      name,
      query: condition.query,
      assignee: user.email,
      overwrite,
    })),
    ...(scope && { scope: scope.query }),
    ...(exclude.length > 0 && { exclude: [...exclude] }),
    releaseRemoved,
    ...(keepOnDelete && { onDelete: "keep" }),
  };
}
