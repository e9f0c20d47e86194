import type { CheckResult } from "../engine/checkFailures";
import type { Session } from "../session/session";
import type { DetailedDiff } from "./detailedDiff";
import type { Properties } from "./properties";

/**
 * What the plugin does for one type of resource; properties are open, and carry the resource's name as
 * `resourceName`.
 */
export interface ResourceLifecycle {
  check(session: Session, olds: Properties, news: Properties): CheckResult | Promise<CheckResult>;
  /** @param key of the resource, as for `update` and `delete`: no other of the stack has it */
  diff(
    session: Session,
    key: string,
    olds: Properties,
    news: Properties,
    oldInputs: Properties,
  ): Promise<{ readonly changes: boolean; readonly detailed: DetailedDiff }>;
  create(session: Session, news: Properties): Promise<{ readonly id: string; readonly outs: Properties }>;
  update(
    session: Session,
    key: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ readonly outs: Properties }>;
  read(
    session: Session,
    id: string,
    props: Properties,
  ): Promise<{ readonly id: string; readonly props: Properties; readonly inputs?: Properties }>;
  delete(session: Session, key: string, props: Properties): Promise<void>;
  /**
   * What a preview knows of the outputs. @param olds of an update
   * @throws Error where it would fail
   */
  preview(session: Session, news: Properties, olds: Properties | undefined): Promise<Properties>;
  /**
   * What there is already, by the id that `pulumi import` was given. @throws Error where it cannot be taken
   * over
   */
  import(
    session: Session,
    id: string,
    name: string,
  ): Promise<{ readonly props: Properties; readonly inputs: Properties }>;
  /** Outputs that the lifecycle leaves out where they are as usual; SDKs of other languages want them. */
  readonly usualOutputs: Properties;
}
