import type * as pulumi from "@pulumi/pulumi";
import { systemClock } from "../datadog/http/systemClock";
import { AssignmentError, reportFailures } from "../engine/assignmentError";
import { atCallBoundary } from "./callBoundary";
import { closeInternalInput, internalInputOf, openInternalInput } from "./internalInput";
import { markSecretOutputs, noteSecrets, withholdSecrets } from "./secretProperties";
import { processSecrets } from "./secretTexts";

type Provider = Required<pulumi.dynamic.ResourceProvider>;
type Props = Readonly<Record<string, unknown>>;

export interface DynamicProviderOptions {
  /** Called before a check where the program runs for a preview. */
  readonly onPreview?: () => void;
}

/**
 * The lifecycle of a resource as the SDK's dynamic provider is to see it. Takes in what the resource class
 * adds to the inputs, and lets nothing out that is secret: no message quotes it, and what was made of it is
 * secret in the state.
 */
export function dynamicProvider(lifecycle: Provider, { onPreview }: DynamicProviderOptions = {}): Provider {
  return {
    configure: atCallBoundary((request) => lifecycle.configure(request)),
    check: atCallBoundary((olds: Props, news: Props) =>
      redacted([olds, news], async () => {
        if (internalInputOf(news)?.preview) onPreview?.();
        const checked = await lifecycle.check(openInternalInput(olds), openInternalInput(news));
        const { inputs = {}, failures = [] } = checked;
        return { inputs: closeInternalInput(inputs, news), failures: withholdSecrets(failures, news) };
      }),
    ),
    diff: atCallBoundary((id, olds: Props, news: Props) =>
      redacted([olds, news], async () => {
        const { changes, ...diff } = await lifecycle.diff(
          id,
          openInternalInput(olds),
          openInternalInput(news),
        );
        // A state of the plugin's lacks the serialized provider, which `refresh` and `destroy` find there: an
        // update stores it.
        return { ...diff, changes: changes === true || !("__provider" in olds) };
      }),
    ),
    create: atCallBoundary((inputs: Props) =>
      redacted([inputs], async () => {
        try {
          const { id, outs = {} } = await lifecycle.create(openInternalInput(inputs));
          return { id, outs: stored(outs, inputs) };
        } catch (error) {
          return { id: idOf(error), outs: outputsOf(error, inputs) };
        }
      }),
    ),
    read: atCallBoundary((id, props: Props = {}) =>
      redacted([props], async () => {
        const { id: found, props: outs = {}, inputs } = await lifecycle.read(id, openInternalInput(props));
        return {
          ...(found !== undefined && { id: found }),
          props: stored(outs, props),
          ...(inputs && { inputs: closeInternalInput(inputs, props) }),
        };
      }),
    ),
    update: atCallBoundary((id, olds: Props, news: Props) =>
      redacted([olds, news], async () => {
        try {
          const { outs = {} } = await lifecycle.update(id, openInternalInput(olds), openInternalInput(news));
          return { outs: stored(outs, news) };
        } catch (error) {
          return { outs: outputsOf(error, news) };
        }
      }),
    ),
    delete: atCallBoundary((id, props: Props) =>
      redacted([props], () => lifecycle.delete(id, openInternalInput(props))),
    ),
  };
}

/** Outputs as the state is to hold them. */
function stored(outs: Props, inputs: Props): Record<string, unknown> {
  const { failure, ...rest } = closeInternalInput(outs, inputs);
  // The program prints it: see failProgram.
  const told = failure === undefined ? {} : { failure: processSecrets.redactAll(failure) };
  return { ...markSecretOutputs(rest, inputs), ...told };
}

/**
 * What a partial failure is to leave in the state. It is larger by what marks secrets, so whether an error
 * can carry it is decided anew.
 * @throws the error without secrets, or any other error
 */
function outputsOf(error: unknown, inputs: Props): Record<string, unknown> {
  if (!(error instanceof AssignmentError)) throw error;
  noteSecrets(error.properties, inputs);
  const reasons = error.reasons.map((reason) => processSecrets.redact(reason));
  const properties = stored(error.properties, inputs);
  return reportFailures({ clock: systemClock }, { id: error.id, reasons, properties });
}

function idOf(error: unknown): string {
  if (!(error instanceof AssignmentError)) throw error;
  return error.id;
}

/** Notes the secrets among the properties of a call, and lets no error out that quotes them. */
async function redacted<T>(properties: readonly Props[], call: () => Promise<T>): Promise<T> {
  for (const props of properties) noteSecrets(props);
  try {
    return await call();
  } catch (error) {
    throw withoutSecrets(error);
  }
}

function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AssignmentError) return error;
  const message = processSecrets.redact(error.message);
  if (message === error.message) return error;
  return new Error(message);
}
