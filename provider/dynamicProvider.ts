import type * as pulumi from "@pulumi/pulumi";
import { UserLookupError } from "./datadog/errors";
import { atCallBoundary } from "./dynamic/callBoundary";
import { AssignmentError } from "./engine/assignmentError";
import { closeInternalInput, openInternalInput } from "./internalInput";
import { markSecretOutputs, noteSecrets, withholdSecrets } from "./secretProperties";
import { processSecrets, SECRET } from "./secretTexts";

type Provider = Required<pulumi.dynamic.ResourceProvider>;
type Props = Readonly<Record<string, unknown>>;

/**
 * The lifecycle of a resource as the SDK's dynamic provider is to see it. Takes in what the resource class adds to the inputs,
 * and lets nothing out that is secret: no message quotes it, and what was made of it is secret in the state.
 */
export function dynamicProvider(lifecycle: Provider): Provider {
  return {
    configure: atCallBoundary((request) => lifecycle.configure(request)),
    check: atCallBoundary((olds: Props, news: Props) =>
      redacted([olds, news], async () => {
        const checked = await lifecycle.check(openInternalInput(olds), openInternalInput(news));
        const { inputs = {}, failures = [] } = checked;
        return { inputs: closeInternalInput(inputs, news), failures: withholdSecrets(failures, news) };
      }),
    ),
    diff: atCallBoundary((id, olds: Props, news: Props) =>
      redacted([olds, news], () => lifecycle.diff(id, openInternalInput(olds), openInternalInput(news))),
    ),
    create: atCallBoundary((inputs: Props) =>
      redacted([inputs], async () => {
        const { id, outs = {} } = await lifecycle.create(openInternalInput(inputs));
        return { id, outs: stored(outs, inputs) };
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
        const { outs = {} } = await lifecycle.update(id, openInternalInput(olds), openInternalInput(news));
        return { outs: stored(outs, news) };
      }),
    ),
    delete: atCallBoundary((id, props: Props) =>
      redacted([props], () => lifecycle.delete(id, openInternalInput(props))),
    ),
  };
}

/** Outputs as the state is to hold them. */
function stored(outs: Props, inputs: Props): Record<string, unknown> {
  return markSecretOutputs(closeInternalInput(outs, inputs), inputs);
}

/** @param properties of the call, the last of which an error's properties belong to */
async function redacted<T>(properties: readonly Props[], call: () => Promise<T>): Promise<T> {
  for (const props of properties) noteSecrets(props);
  try {
    return await call();
  } catch (error) {
    throw withoutSecrets(error, properties.at(-1) ?? {});
  }
}

function withoutSecrets(error: unknown, inputs: Props): unknown {
  if (error instanceof AssignmentError) {
    noteSecrets(error.properties, inputs);
    const reasons = error.reasons.map((reason) => processSecrets.redact(reason));
    return new AssignmentError(error.id, reasons, stored(error.properties, inputs));
  }
  if (!(error instanceof Error)) return error;
  const message = processSecrets.redact(error.message);
  if (message === error.message) return error;
  // Near matches of a secret say almost all of it.
  return error instanceof UserLookupError
    ? new UserLookupError(error.problem, SECRET, [])
    : new Error(message);
}
