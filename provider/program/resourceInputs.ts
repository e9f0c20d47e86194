import * as pulumi from "@pulumi/pulumi";
import { type InternalInput, withInternalInput } from "../dynamic/internalInput";
import { checkConfiguration } from "./checkConfiguration";
import { secretInputs } from "./secretInputs";

export interface ResourceClass {
  /** Each property that the class declares, so that the SDK makes an output of it. */
  readonly outputs: readonly string[];
  /** The serialized provider. */
  readonly provider: string;
}

/**
 * What a resource class gives to the engine.
 * @throws pulumi.RunError where the stack's configuration has a misspelt name
 * @param name as `nameInProgram` has it
 */
export function resourceInputs(
  { outputs, provider }: ResourceClass,
  name: string,
  args: object,
  fromFile = false,
): Record<string, unknown> {
  checkConfiguration();
  const absent = Object.fromEntries(outputs.map((output) => [output, undefined]));
  return withInternalInput(
    { ...absent, ...args, __provider: provider },
    describeResource(name, args, fromFile),
  );
}

async function describeResource(name: string, args: object, fromFile: boolean): Promise<InternalInput> {
  const secrets = await secretInputs(args);
  return {
    name,
    ...(fromFile && { fromFile }),
    ...(secrets.length > 0 && { secrets }),
    ...(pulumi.runtime.isDryRun() && { preview: true }),
  };
}
