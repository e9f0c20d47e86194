import type { Policy } from "@pulumi/policy";
import { z } from "zod";
import type { PolicyOptions } from "./policyOptions";
import { settingsError } from "./settingsError";

/** The part of a policy that does not depend on what it checks. */
export type PolicyHead = Pick<
  Policy,
  "name" | "displayName" | "description" | "remediationSteps" | "severity"
>;

interface Configured {
  getConfig<T extends object>(): T;
}

export interface ConfigurablePolicy<T> {
  /** The head with the schema of the configuration: to be spread into the policy. */
  readonly base: Policy;
  /**
   * The settings that apply: each property from the policy configuration, else from the factory's arguments.
   */
  settings(args: Configured): T;
}

/**
 * Settings of a policy, from the factory's arguments and from the policy configuration, which wins property
 * by property. Both are parsed by the same schema; it also makes the `configSchema` that Pulumi shows and
 * validates, with the arguments as defaults.
 *
 * @throws pulumi.RunError naming policy and property when the arguments do not fit; `settings` does the same
 * for the configuration.
 */
export function policySettings<S extends z.ZodObject>(
  head: PolicyHead,
  schema: S,
  { enforcementLevel, ...given }: PolicyOptions & z.input<S>,
): ConfigurablePolicy<z.output<S>> {
  const parse = (values: object, source: string): z.output<S> => {
    const parsed = schema.safeParse(values);
    if (parsed.success) return parsed.data;
    throw settingsError(head.name, source, parsed.error.issues, values, Object.keys(schema.shape));
  };
  parse(given, "options");
  return {
    base: {
      ...head,
      ...(enforcementLevel !== undefined && { enforcementLevel }),
      configSchema: { properties: configProperties(schema, given) },
    },
    settings: (args) => parse({ ...given, ...args.getConfig() }, "configuration"),
  };
}

type ConfigProperties = NonNullable<Policy["configSchema"]>["properties"];

function configProperties(schema: z.ZodObject, given: Readonly<Record<string, unknown>>): ConfigProperties {
  const { properties = {} } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return plainJson.parse(
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, withDefault(property, given[name])]),
    ),
  );
}

const withDefault = (property: unknown, value: unknown) => ({
  ...z.record(z.string(), z.unknown()).parse(property),
  ...(value !== undefined && { default: value }),
});

/** zod's and Pulumi's types of a JSON Schema differ in name only. */
const plainJson = z.custom<ConfigProperties>((value) => typeof value === "object");
