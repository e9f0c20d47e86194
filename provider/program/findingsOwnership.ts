import { basename, extname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { dayOf } from "../core/day";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { serializedOwnershipProvider } from "../dynamic/serializedProvider";
import type { SavedFailure } from "../engine/assignmentError";
import { hasType, ownershipType, pluginOwnershipType } from "../engine/resourceTypes";
import type { DeclaredRule, OwnershipDeclaration } from "../rules/declaration";
import type { DeclaredOwner } from "../rules/declaredOwners";
import type { FindingType } from "../rules/findingTypes";
import type { OwnershipFile } from "../rulesFile/ownershipFile";
import { asRunError, toRunError } from "./asRunError";
import { failProgram } from "./failProgram";
import { nameInProgram } from "./nameInProgram";
import { resourceInputs } from "./resourceInputs";
import { takingOver } from "./takingOver";

/** A rule as it is declared: which findings, and whose they are. */
export interface OwnershipRuleArgs {
  /** Unique among the rules. A renamed rule is a new one. */
  readonly name: pulumi.Input<string>;
  /** In Datadog's search syntax; `*` matches everything. An `OR` stays inside of its rule. */
  readonly query?: pulumi.Input<string> | undefined;
  /**
   * Which types of findings, beside `query` or instead of it, with the names of Datadog's own rules for
   * findings: `secret`, `misconfiguration`, ... At least one of the two is needed.
   */
  readonly findingTypes?: pulumi.Input<pulumi.Input<FindingType>[]> | undefined;
  /**
   * Whose the findings are; this or `assignees` is needed. UUID, e-mail or handle of an active Datadog user;
   * `team:HANDLE`: the active members of a Datadog team, among whom they are spread; `on-call:HANDLE`: who is
   * on call for a Datadog team (not on the gov sites); `none`: the findings are left alone, whoever owns
   * them, and later rules do not get them.
   */
  readonly assignee?: pulumi.Input<string> | undefined;
  /**
   * Several owners in place of `assignee`, each with its weight: who has 2 gets twice as many findings as who
   * has 1 (default).
   */
  readonly assignees?: pulumi.Input<pulumi.Input<string | WeightedOwnerArgs>[]> | undefined;
  /**
   * `"spread"` (default): all active `assignees` share the findings, each finding by its id, so that nobody
   * loses any when one joins. `"first"`: all findings are for the first of the list who is active.
   */
  readonly pick?: pulumi.Input<"spread" | "first"> | undefined;
  /**
   * Of `on-call:HANDLE`, when another is on call: `"keep"` (default) leaves findings with whom they were
   * given to, and with the members of the team; `"move"` gives all to who is on call now.
   */
  readonly handOver?: pulumi.Input<"keep" | "move"> | undefined;
  /**
   * `false` (default): the rule takes findings that nobody owns, and those that an earlier deployment of
   * these rules gave away; what a person gave to somebody else stays there. `true`: the rule takes every
   * match.
   */
  readonly overwrite?: pulumi.Input<boolean> | undefined;
  /** `false`: the rule counts as taken out of the list, as if it were not there. Default `true`. */
  readonly enabled?: pulumi.Input<boolean> | undefined;
  /**
   * The rule's last day in UTC, such as `"2026-12-31"`: afterwards it counts as taken out of the list, and
   * the next deployment does what `releaseRemoved` says. The preview warns from two weeks before. Default: no
   * end.
   */
  readonly until?: pulumi.Input<string> | undefined;
  /** Why the rule is there, for reviewers. */
  readonly note?: pulumi.Input<string> | undefined;
}

/** One of several owners of a rule, with a weight. */
export interface WeightedOwnerArgs {
  /** As `assignee` of a rule. */
  readonly assignee: pulumi.Input<string>;
  /** More than 0, default 1; of a team, each of its members has it. */
  readonly weight?: pulumi.Input<number> | undefined;
}

export interface FindingsOwnershipArgs {
  /** In order: the first rule that matches a finding decides who owns it. */
  readonly rules: pulumi.Input<pulumi.Input<OwnershipRuleArgs>[]>;
  /** Findings outside of this query are never touched; default: all findings. */
  readonly scope?: pulumi.Input<string> | undefined;
  /**
   * Ids that no rule touches, such as those of a FindingsAssignment. More than some 80 cost a request for
   * each 100 that rules match.
   */
  readonly exclude?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * The most findings that one deployment may change: more is refused before anything is sent. Default: no
   * bound.
   */
  readonly maxChanges?: pulumi.Input<number> | undefined;
  /**
   * The most findings that one deployment may give to one user: more is refused before anything is sent.
   * Default: no bound.
   */
  readonly maxChangesPerOwner?: pulumi.Input<number> | undefined;
  /**
   * Whether a delete releases what matches a rule and still belongs to its owner (`"unassign"`, default) or
   * not (`"keep"`). What other rules of the program give to the same owner stays in any case.
   */
  readonly onDelete?: pulumi.Input<"unassign" | "keep"> | undefined;
  /**
   * Whether a rule that is taken out of the list, switched off (`enabled`) or ended (`until`) releases what
   * no other rule claims; default `false`.
   */
  readonly releaseRemoved?: pulumi.Input<boolean> | undefined;
}

/** A rule that is in force. */
export interface OwnershipRule {
  readonly name: string;
  /** With what `findingTypes` adds to it; undefined only in a preview, where rules are as declared. */
  readonly query?: string;
  /** Whose the findings are, as declared: this or `assignees`. */
  readonly assignee?: string;
  readonly assignees?: readonly (string | WeightedOwner)[];
  /** Absent: `"spread"`. */
  readonly pick?: "spread" | "first";
  /** Absent: `"keep"`. */
  readonly handOver?: "keep" | "move";
  readonly overwrite: boolean;
}

/** One of several owners of a rule. */
export interface WeightedOwner {
  readonly assignee: string;
  readonly weight?: number;
}

/** What a rule did in the last deployment that changed something. */
export interface RuleResult {
  /** Of the rule. */
  readonly name: string;
  /**
   * UUID of the one user whom it names; absent where that user could not be found, and where it names others.
   */
  readonly assigneeId?: string;
  /**
   * Of a rule with several owners, a team, or who is on call, and of an e-mail that has passed to another
   * user since: UUIDs of all whose findings are as declared.
   */
  readonly assigneeIds?: readonly string[];
  /** How many findings it assigned. */
  readonly assigned: number;
}

export interface OwnershipFileOptions extends pulumi.CustomResourceOptions {
  /** Added to the file's own `exclude`. */
  readonly exclude?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** @deprecated with the form of `fromFile` that takes it */
export interface NamedOwnershipFileOptions extends OwnershipFileOptions {
  /** Name of the resource; default: the file's name without its ending. */
  readonly name?: string | undefined;
}

/**
 * Who owns which findings, as ordered rules: the first match wins. A deployment asks Datadog only for what is
 * not yet as declared, so its cost does not grow with the number of findings: 3 requests where there is
 * nothing to do (up to 7 for 20 rules of 260 characters), one more for each rule otherwise, and one PATCH per
 * 100 findings that change.
 *
 * The preview shows, for each rule, how many findings would be assigned and from whom. The state holds the
 * rules and a summary, never the findings. Needs the permissions `security_monitoring_findings_read` and
 * `security_monitoring_findings_write` (or `appsec_vm_read` and `appsec_vm_write`), and `user_access_read`
 * for owners by name.
 *
 * @see https://docs.datadoghq.com/api/latest/security-monitoring/
 */
export class FindingsOwnership extends pulumi.CustomResource {
  /**
   * The rules that are in force, as deployed: without notes, without those that are switched off (`enabled`)
   * or have ended (`until`), each with one query. In a preview they are as declared.
   */
  declare readonly rules: pulumi.Output<OwnershipRule[]>;
  /** As declared; absent: all findings. */
  declare readonly scope: pulumi.Output<string | undefined>;
  /** As declared; empty: none. */
  declare readonly exclude: pulumi.Output<string[]>;
  /** As declared; absent: no bound. */
  declare readonly maxChanges: pulumi.Output<number | undefined>;
  /** As declared; absent: no bound. */
  declare readonly maxChangesPerOwner: pulumi.Output<number | undefined>;
  /** As declared, or `"unassign"`. */
  declare readonly onDelete: pulumi.Output<"unassign" | "keep">;
  /** As declared, or false. */
  declare readonly releaseRemoved: pulumi.Output<boolean>;
  /**
   * For each rule its owner's UUID, and how many findings the last deployment that changed something
   * assigned. A deployment with nothing to do leaves the numbers as they are.
   */
  declare readonly results: pulumi.Output<RuleResult[]>;
  /** Findings that the last deployment that changed something assigned: the sum of `results`. */
  declare readonly total: pulumi.Output<number>;
  /**
   * Findings in scope that no rule claims and nobody owns, as of the last deployment that changed something.
   * Counted up to 100: 100 stands for 100 or more. `getFindings` counts them all.
   */
  declare readonly unowned: pulumi.Output<number>;
  /** The first 100 findings that could not be assigned; the next deployment tries all again. */
  declare readonly failures: pulumi.Output<FindingProblem[]>;
  /** Why the last deployment failed, where its state was too large to be saved with an error. */
  declare private readonly failure: pulumi.Output<SavedFailure | undefined>;
  /** What `explain` needs to know. */
  readonly #stored: pulumi.Output<unknown>;

  constructor(name: string, args: FindingsOwnershipArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = resourceInputs(
      resourceClass,
      nameInProgram(name, opts?.parent),
      args,
      fromFiles.has(args),
    );
    super(ownershipType, name, inputs, takingOver(pluginOwnershipType, opts));
    this.rules = this.rules.apply((rules) => rules.map(asDeployed));
    this.exclude = this.exclude.apply((ids) => ids ?? []);
    this.onDelete = this.onDelete.apply((declared) => declared ?? "unassign");
    this.releaseRemoved = this.releaseRemoved.apply((declared) => declared ?? false);
    this.#stored = pulumi.output<unknown>({ ...args, rules: this.rules, results: this.results });
    failProgram(name, this.failure);
  }

  /** Whether a value is a FindingsOwnership, of any copy of this package. */
  static override isInstance(value: unknown): value is FindingsOwnership {
    return hasType(value, ownershipType);
  }

  /**
   * Rules from an ownership file; `npx pulumi-datadog-findings validate FILE` checks one without deploying
   * it.
   * @param path relative to the program's folder
   * @throws pulumi.RunError with file, line and column of everything that is wrong in it
   */
  static fromFile(name: string, path: string, opts?: OwnershipFileOptions): FindingsOwnership;
  /** @deprecated Use `fromFile(name, path, opts)`, which has the order of all resources. */
  static fromFile(path: string, options?: NamedOwnershipFileOptions): FindingsOwnership;
  static fromFile(
    nameOrPath: string,
    pathOrOptions: string | NamedOwnershipFileOptions = {},
    options: OwnershipFileOptions = {},
  ): FindingsOwnership {
    if (typeof pathOrOptions === "string") return ownershipFromFile(nameOrPath, pathOrOptions, options);
    const { name = basename(nameOrPath, extname(nameOrPath)), ...rest } = pathOrOptions;
    return ownershipFromFile(name, nameOrPath, rest);
  }

  /**
   * Which rule owns a finding, and why. Asks Datadog when the resource is deployed: one request for the
   * finding, and one for each rule that cannot be decided by what the search returns, such as one with free
   * text.
   */
  explain(findingId: pulumi.Input<string>): pulumi.Output<string> {
    // Loaded when needed, as few programs explain: it brings the HTTP client and the schemas.
    const { explainDeployed }: typeof import("./explainDeployed") = require("./explainDeployed");
    return pulumi
      .all([this.#stored, findingId])
      .apply(([stored, id]) => asRunError(explainDeployed(stored, id)));
  }
}

const resourceClass = {
  outputs: [
    ...["rules", "scope", "exclude", "maxChanges", "maxChangesPerOwner", "onDelete", "releaseRemoved"],
    ...["results", "total", "unowned", "failures", "failure"],
  ],
  provider: serializedOwnershipProvider,
};

/** In a preview the rules are still as declared. */
function asDeployed({ note, ...rule }: OwnershipRule & { readonly note?: string }): OwnershipRule {
  return { ...rule, overwrite: rule.overwrite ?? false };
}

/**
 * Arguments that were read from a file: of their warnings the program tells, with line and column, and the
 * provider does not.
 */
const fromFiles = new WeakSet<FindingsOwnershipArgs>();

function ownershipFromFile(name: string, path: string, options: OwnershipFileOptions): FindingsOwnership {
  const { exclude = [], ...opts } = options;
  const { declaration, warnings } = readOwnershipFile(path);
  const args = programArgs(declaration, exclude);
  fromFiles.add(args);
  const resource = new FindingsOwnership(name, args, opts);
  for (const { file, line, column, message } of warnings) {
    void pulumi.log.warn(`${file}:${line}:${column} ${message}`, resource);
  }
  return resource;
}

/** What a program would write for a declaration. */
function programArgs(
  declaration: OwnershipDeclaration,
  exclude: pulumi.Input<pulumi.Input<string>[]>,
): FindingsOwnershipArgs {
  const { rules, scope, maxChanges, maxChangesPerOwner } = declaration;
  const { onDelete = "unassign", releaseRemoved = false } = declaration;
  return {
    rules: rules.map(programRule),
    exclude: pulumi.output(exclude).apply((ids) => [...(declaration.exclude ?? []), ...ids]),
    onDelete,
    releaseRemoved,
    ...(scope !== undefined && { scope }),
    ...(maxChanges !== undefined && { maxChanges }),
    ...(maxChangesPerOwner !== undefined && { maxChangesPerOwner }),
  };
}

function programRule(rule: DeclaredRule): OwnershipRuleArgs {
  const { name, overwrite = false, query, findingTypes, enabled = true, until, note } = rule;
  return {
    name,
    ...(query !== undefined && { query }),
    ...(findingTypes && { findingTypes: [...findingTypes] }),
    ...programOwners(rule),
    overwrite,
    ...(!enabled && { enabled }),
    ...(until !== undefined && { until }),
    ...(note !== undefined && { note }),
  };
}

function programOwners({ assignee, assignees, pick, handOver }: DeclaredRule) {
  return {
    ...(assignee !== undefined && { assignee }),
    ...(assignees && { assignees: assignees.map(programOwner) }),
    ...(pick && { pick }),
    ...(handOver && { handOver }),
  };
}

function programOwner(owner: DeclaredOwner): string | WeightedOwnerArgs {
  if (typeof owner === "string") return owner;
  const { assignee, weight = 1 } = owner;
  return { assignee, weight };
}

function readOwnershipFile(path: string): OwnershipFile {
  // Loaded when needed: programs that declare their rules need no YAML.
  const {
    loadOwnershipFile,
  }: typeof import("../rulesFile/ownershipFile") = require("../rulesFile/ownershipFile");
  try {
    return loadOwnershipFile(path, dayOf(Date.now()));
  } catch (error) {
    throw toRunError(error);
  }
}
