type Props = Readonly<Record<string, unknown>>;

/**
 * The name of the one input that the resource class adds for the provider. The engine shows no property whose
 * name begins with two underscores, neither in diffs nor in lists of properties, so it does not look like an
 * input of the user.
 */
const KEY = "__resource";

/** What the resource class tells the provider. */
export interface InternalInput {
  /**
   * Of the resource in the program, for messages, after those of the components that it is in. The SDK's
   * dynamic provider is given the URN, and hands it to no method.
   */
  readonly name: string;
  /** The rules come from a file, whose warnings the program has told already, with line and column. */
  readonly fromFile?: boolean;
  /**
   * Inputs, or parts of them, that are secret, as `assignee` or `rules[2].query`: to the provider all values
   * come in plain.
   */
  readonly secrets?: readonly string[];
  /**
   * The program runs for a preview: the engine tells a dynamic provider nothing of that. Never goes
   * into a state.
   */
  readonly preview?: boolean;
}

/** The inputs of a resource with what the class adds. */
export function withInternalInput(
  inputs: Props,
  internal: InternalInput | Promise<InternalInput>,
): Record<string, unknown> {
  return { ...inputs, [KEY]: internal };
}

/** Of inputs or outputs. Those of before it was introduced have none, and `resourceName` instead. */
export function internalInputOf(props: Props): InternalInput | undefined {
  const value = props[KEY];
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  const { name } = value;
  const secrets = "secrets" in value && Array.isArray(value.secrets) ? value.secrets : [];
  return {
    name: String(name),
    ...("fromFile" in value && value.fromFile === true && { fromFile: true }),
    ...(secrets.length > 0 && { secrets: secrets.map(String) }),
    ...("preview" in value && value.preview === true && { preview: true }),
  };
}

/** Properties as the lifecycle knows them: with `resourceName` and `fromFile`. */
export function openInternalInput(props: Props): Record<string, unknown> {
  const internal = internalInputOf(props);
  if (!internal) return { ...props };
  const { [KEY]: _, ...rest } = props;
  return { ...rest, resourceName: internal.name, ...(internal.fromFile && { fromFile: true }) };
}

/**
 * What the lifecycle makes of properties, as the state is to hold it: with the internal input that they came
 * with.
 */
export function closeInternalInput(result: Props, { [KEY]: internal }: Props): Record<string, unknown> {
  if (internal === undefined) return { ...result };
  const { resourceName, fromFile, ...rest } = result;
  if (typeof internal !== "object" || internal === null || !("preview" in internal)) {
    return { ...rest, [KEY]: internal };
  }
  const { preview, ...kept } = internal;
  return { ...rest, [KEY]: kept };
}
