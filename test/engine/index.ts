/**
 * An engine for tests and demo: it deploys a Pulumi program without the `pulumi` CLI. The program runs in the
 * SDK's own `cmd/run`, the dynamic provider in its `cmd/dynamic-provider`, both in processes beside this one,
 * which run one deployment after another unless `freshProcesses` is set (`reusedProcess.ts`); this is the resource monitor, the engine service and the step logic between them, with the state in
 * Pulumi's checkpoint format (`pulumi stack export`, version 3).
 *
 * It is no product, and is kept small. The interface that it shares with the CLI, and how a result is shown,
 * are in test/deployment/engines.
 *
 * It knows the dynamic provider and the plugin of this repository, one stack at a time, and refuses by name
 * whatever it does not do: invokes, calls, reading resources (`get`, stack references), other providers
 * and versions of them, remote components, aliases other than of a type, import, transforms,
 * hooks, deleteBeforeReplace, replaceOnChanges, replaceWith, hideDiffs, additionalSecretOutputs,
 * custom timeouts, assets, ignoreChanges inside lists.
 *
 * `conformance.test.ts` holds it to 23 recordings of the real engine: creates, updates, replacements, deletes
 * and refreshes, their failures and previews, components, parents, dependsOn, secrets, unknowns,
 * initialization errors. In none of them is anything protected, retained or ignored, or is a run cancelled or
 * killed: protect, retainOnDelete, deletedWith, ignoreChanges and pending operations are held by tests of our own
 * (`embeddedEngine.test.ts`, `test/deployment/options.test.ts`).
 *
 * ```ts
 * const deployment = createDeployment({ projectDir: "examples/quickstart",            // the folder of
 * Pulumi.yaml, in this repository or elsewhere stack: "dev", stateDir: mkdtempSync(join(tmpdir(), "state-")),
 * config: { "datadog:apiKey": { value: key, secret: true }, "datadog:apiUrl": { value: emulator.url } }, });
 * const { exitCode, changes, outputs, diagnostics } = await deployment.up({ parallel: 8 }); await
 * deployment.destroy();
 * ```
 *
 * `preview`, `up`, `refresh` and `destroy` resolve with a {@link DeploymentResult}, also when they fail: see
 * its `exitCode` and `diagnostics`. The state is saved before and after each operation; an operation that a
 * kill interrupted is listed in `pending_operations`, and the next run warns of it, drops it and goes on.
 * `for (const engine of chooseEngines()) engine.create(settings)` runs a test on the real engine too, if
 * there is one.
 */

export {
  automationEngine,
  chooseEngines,
  createDeployment,
  describeEngines,
  type EngineChoice,
  embeddedEngine,
  findPulumiCli,
} from "../deployment/engines/chooseEngines";
export type {
  ConfigValue,
  DeploymentCommand,
  DeploymentEngine,
  DeploymentResult,
  DeploymentSettings,
  Diagnostic,
  OutputLine,
  RunOptions,
  Severity,
  StepKind,
  StepReport,
} from "../deployment/engines/deployment";
export type { Checkpoint, PendingOperation, ResourceState } from "./checkpoint";
export type { ProviderCall } from "./provider";
