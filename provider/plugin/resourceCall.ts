import type { SecretTexts } from "../dynamic/secretTexts";
import { AssignmentError } from "../engine/assignmentError";
import type { CheckFailure } from "../engine/checkFailures";
import type { Session } from "../session/session";
import { type OpenedProperties, type Properties, sealProperties } from "./properties";
import type { ResourceLifecycle } from "./resourceLifecycle";

/** Outputs that the engine is to keep; with reasons the call has failed all the same. */
export interface KeptOutputs {
  readonly id: string;
  /** Secrets marked. */
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** One call about one resource: between what the engine sends and what the lifecycle takes and gives. */
export class ResourceCall {
  constructor(
    readonly name: string,
    readonly lifecycle: ResourceLifecycle,
    readonly secrets: SecretTexts,
  ) {}

  /**
   * Properties for the lifecycle, which knows a resource's name as an input: so the class of the dynamic
   * provider gives it.
   */
  named(properties: Properties): Properties {
    return { ...properties, resourceName: this.name };
  }

  /**
   * Properties for the engine. Those of the names of secrets are secret, and, of a resource with a secret,
   * outputs that are made of its inputs: an owner's UUID tells who a secret e-mail is, and what failed may
   * quote it.
   */
  sealed({ resourceName, ...properties }: Properties, sources: readonly OpenedProperties[]): Properties {
    const names = new Set(sources.flatMap(({ secretNames }) => [...secretNames]));
    if (names.size === 0) return properties;
    const given = new Set(sources.flatMap(({ values }) => Object.keys(values)));
    const derived = Object.keys(properties).filter(
      (name) => !given.has(name) && !name.startsWith("__") && mayQuote(name, properties[name]),
    );
    return sealProperties(properties, new Set([...names, ...derived]));
  }

  /** What a preview knows of the outputs. @throws Error where the change would fail */
  async preview(
    session: Session,
    news: OpenedProperties,
    olds: OpenedProperties | undefined,
  ): Promise<Properties> {
    const before = olds && this.named(olds.values);
    const known = await this.lifecycle.preview(session, this.named(news.values), before);
    return this.sealed({ ...this.lifecycle.usualOutputs, ...known }, [news]);
  }

  /**
   * Runs a change, and tells what is to be kept.
   * @param id the engine's; empty: the change makes the resource, and its id
   * @throws Error where nothing is to be kept
   */
  async change(
    id: string,
    news: OpenedProperties,
    olds: OpenedProperties | undefined,
    work: () => Promise<{ readonly id?: string; readonly outs: Properties }>,
  ): Promise<KeptOutputs> {
    const sources = olds ? [news, possibleOwners(olds)] : [news];
    const traces = dynamicTraces(olds?.values ?? {});
    const keep = (kept: { id: string; outs: Properties; reasons: readonly string[] }): KeptOutputs => {
      const { failure, __provider, ...outs } = kept.outs;
      const sealed = this.sealed(outs, sources);
      if (sealed["assigneeId"] !== outs["assigneeId"]) this.secrets.add(outs["assigneeId"]);
      const properties = { ...this.lifecycle.usualOutputs, ...sealed, ...traces };
      return { id: kept.id, properties, reasons: kept.reasons.map((reason) => this.secrets.redact(reason)) };
    };
    try {
      const { outs, ...made } = await work();
      return keep({ id: made.id ?? id, outs, reasons: savedReasons(outs) });
    } catch (error) {
      if (!(error instanceof AssignmentError)) throw error;
      return keep({ id: id || error.id, outs: error.properties, reasons: error.reasons });
    }
  }

  /**
   * Failures of a check as the engine may show them: it shows the value of the property that is named, a
   * secret one in clear.
   */
  failures(failures: readonly CheckFailure[], news: OpenedProperties): CheckFailure[] {
    return failures.map((failure) => {
      const [name = ""] = failure.property.split(/[.[]/);
      if (!news.secretNames.has(name)) {
        return { property: failure.property, reason: this.secrets.redact(failure.reason) };
      }
      const message = withoutValue(failure);
      // Cut or quoted it may still tell something of the secret: then it says nothing but the place.
      const clean = message !== undefined && !news.secretTexts.some((text) => overlaps(message, text));
      const why = clean ? `: ${message}` : "";
      return { property: "", reason: `${failure.property} is a secret that cannot be used${why}` };
    });
  }
}

/**
 * What the dynamic provider needs, in the outputs of a resource that once was its: with it the way back
 * changes nothing. Names that begin with two underscores are shown nowhere.
 */
export function dynamicTraces(olds: Properties): Properties {
  return Object.fromEntries(Object.entries(olds).filter(([name]) => name.startsWith("__")));
}

/** Neither counts nor times do. */
function mayQuote(name: string, value: unknown): boolean {
  return typeof value === "object" || name === "assigneeId";
}

/** An owner that was a secret stays one. */
function possibleOwners({ secretNames, secretTexts }: OpenedProperties): OpenedProperties {
  const names = secretNames.has("assigneeId") ? ["possibleOwners"] : [];
  return { values: {}, secretNames: new Set(names), secretTexts };
}

/** Failures that were too many for an error of the dynamic provider stand in the outputs, as `failure`. */
function savedReasons({ failure }: Properties): readonly string[] {
  const reasons: unknown =
    typeof failure === "object" && failure !== null ? Reflect.get(failure, "reasons") : [];
  return Array.isArray(reasons) ? reasons.map(String) : [];
}

/** `assignee is 'x': a UUID is needed` without the value; undefined where the reason has another form. */
function withoutValue({ property, reason }: CheckFailure): string | undefined {
  if (!reason.startsWith(`${property} is `)) return undefined;
  const end = reason.lastIndexOf(": ");
  return end < 0 ? undefined : reason.slice(end + 2);
}

/** How many characters in a row tell something of a secret. */
const TELLING = 5;

/** Whether a message has a part of the text in it that is long enough to tell something. */
function overlaps(message: string, text: string): boolean {
  const [shown, hidden] = [message.toLowerCase(), text.toLowerCase()];
  const starts = Array.from({ length: Math.max(1, hidden.length - TELLING + 1) }, (_, start) => start);
  return hidden !== "" && starts.some((start) => shown.includes(hidden.slice(start, start + TELLING)));
}
