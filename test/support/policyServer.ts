import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type { NodeProcess } from "../engine/childProcess";
import { fromStruct, isMap, type PropertyMap, toStruct } from "../engine/properties";
import { quickStart } from "../engine/quickStart";
import { runScript } from "../engine/reusedProcess";
import { Empty } from "../engine/sdkProtobuf";

export type Level = "advisory" | "mandatory" | "disabled";

/** A resource as the engine shows it to policies. */
export interface ShownResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: PropertyMap;
}

export interface Violation {
  readonly policy: string;
  readonly level: Level;
  readonly message: string;
  readonly urn: string;
}

export interface PolicyFacts {
  readonly name: string;
  readonly level: Level;
  readonly kind: "resource" | "stack";
  /** The properties of the configuration, as JSON Schemas. */
  readonly config: PropertyMap;
}

/** By policy; `all` sets the level of every policy. */
export type PackConfig = Readonly<
  Record<string, { readonly level?: Level; readonly properties?: PropertyMap }>
>;

const levels: readonly Level[] = ["advisory", "mandatory", "disabled"];
const levelOf = (number: number): Level => levels[number] ?? "mandatory";

/**
 * The bootstrap that Pulumi's `pulumi-analyzer-policy` runs: `node run-policy-pack ENGINE_ADDRESS .` in the
 * pack's folder.
 */
const bootstrap = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
/** The bootstrap takes an engine's address and does not use it. */
const noEngine = "127.0.0.1:9";

/**
 * A policy pack in a process of its own, driven as the engine drives it: over gRPC, at the port that it
 * prints.
 */
export class PolicyServer {
  readonly #process: NodeProcess;
  readonly #client: AnalyzerClient;

  private constructor(process: NodeProcess, port: string) {
    this.#process = process;
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** @throws Error with what the pack printed, if it ends instead of serving. */
  static async start(packDir: string, env: NodeJS.ProcessEnv = {}): Promise<PolicyServer> {
    const printed: string[] = [];
    let serve: (port: string) => void = () => {};
    const serving = new Promise<string>((resolve) => {
      serve = resolve;
    });
    const child = runScript({
      args: [bootstrap, noEngine, "."],
      cwd: packDir,
      env: {
        ...process.env,
        ...quickStart,
        PULUMI_PROJECT: "project",
        PULUMI_STACK: "dev",
        PULUMI_DRY_RUN: "true",
        ...env,
      },
      onLine: (stream, line) => {
        if (stream === "stdout" && /^\d+$/.test(line)) serve(line);
        else printed.push(line);
      },
    });
    const failed = child.ended.then(({ code }): never => {
      throw new Error(`the policy pack ended with code ${code}:\n${printed.join("\n")}`);
    });
    return new PolicyServer(child, await Promise.race([serving, failed]));
  }

  /** What `pulumi policy publish` reads. */
  async policies(): Promise<PolicyFacts[]> {
    const info = await unary<analyzer.AnalyzerInfo>((done) =>
      this.#client.getAnalyzerInfo(new Empty(), done),
    );
    return info.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      level: levelOf(policy.getEnforcementlevel()),
      kind: policy.getPolicyType() === analyzer.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
      config: fromStruct(policy.getConfigschema()?.getProperties()),
    }));
  }

  /** As the engine does it: the defaults of the schemas first, the given configuration over them. */
  async configure(config: PackConfig = {}): Promise<void> {
    const request = new analyzer.ConfigureAnalyzerRequest();
    for (const policy of await this.policies()) {
      const { level, properties } = config[policy.name] ?? {};
      const reconciled = new analyzer.PolicyConfig();
      reconciled.setEnforcementlevel(levelNumber(level ?? config["all"]?.level ?? policy.level));
      reconciled.setProperties(toStruct({ ...defaultsOf(policy.config), ...properties }));
      request.getPolicyconfigMap().set(policy.name, reconciled);
    }
    await unary((done) => this.#client.configure(request, done));
  }

  /** What happens to each resource before it is created or updated; `props` are its checked inputs. */
  async analyze({ type, name, urn, props }: ShownResource): Promise<Violation[]> {
    const request = new analyzer.AnalyzeRequest();
    request.setType(type).setName(name).setUrn(urn).setProperties(toStruct(props));
    request.setOptions(new analyzer.AnalyzerResourceOptions());
    return violations(await unary<analyzer.AnalyzeResponse>((done) => this.#client.analyze(request, done)));
  }

  /** What happens at the end of a preview or deployment; `props` are the outputs of the resources. */
  async analyzeStack(resources: readonly ShownResource[]): Promise<Violation[]> {
    const request = new analyzer.AnalyzeStackRequest();
    for (const { type, name, urn, props } of resources) {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(type).setName(name).setUrn(urn).setProperties(toStruct(props));
      resource.setOptions(new analyzer.AnalyzerResourceOptions());
      request.addResources(resource);
    }
    return violations(
      await unary<analyzer.AnalyzeResponse>((done) => this.#client.analyzeStack(request, done)),
    );
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#process.stop("SIGTERM");
  }
}

function unary<Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

function violations(response: analyzer.AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levelOf(diagnostic.getEnforcementlevel()),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}

const levelNumber = (level: Level): analyzer.EnforcementLevel =>
  ({
    advisory: analyzer.EnforcementLevel.ADVISORY,
    mandatory: analyzer.EnforcementLevel.MANDATORY,
    disabled: analyzer.EnforcementLevel.DISABLED,
  })[level];

function defaultsOf(schemas: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const value = isMap(schema) ? schema["default"] : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
