import * as grpc from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { messageOf } from "../core/messageOf";
import { version } from "../datadog/http/version";
import { bounded } from "../dynamic/callBoundary";
import { SecretTexts } from "../dynamic/secretTexts";
import { engineListener, forResource, spoken } from "./callContext";
import { ConfiguredProvider } from "./configuredProvider";
import { type FindOrganisation, withCurrentKeys } from "./currentKeys";
import { diffConfiguration } from "./diffConfiguration";
import type { DeploymentLog } from "./engineLog";
import { checkConfiguration, secretSettings, withOrigin } from "./pluginConfiguration";
import { openProperties, sealProperties, toStruct } from "./properties";
import { providerFunctions } from "./providerFunctions";
import type { OpenSession } from "./providerSession";
import { checkResponse, diffResponse } from "./responses";
import { RpcFailure } from "./rpcFailure";

export interface PluginServiceOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly log: DeploymentLog;
  readonly openSession: OpenSession;
  readonly findOrganisation: FindOrganisation;
  /** The package's schema, JSON. */
  readonly schema: () => string;
}

/**
 * The engine's calls. A process serves one configured provider; an engine that attaches to it may configure
 * another one later.
 */
export class PluginService {
  readonly #options: PluginServiceOptions;
  readonly #secrets = new SecretTexts();
  #provider: ConfiguredProvider | undefined;
  #underWay = 0;

  constructor(options: PluginServiceOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way any more. */
  get idle(): boolean {
    return this.#underWay === 0 && this.#provider?.session.busy !== true;
  }

  /** Sends nothing from now on. What is under way comes to its end. */
  stop(): void {
    this.#provider?.session.cancel();
  }

  /** The handlers, by the names of the protocol. */
  get handlers(): grpc.UntypedServiceImplementation {
    return {
      handshake: this.#unary((request: pb.ProviderHandshakeRequest) => this.#handshake(request)),
      attach: this.#unary((request: PluginAttach) => this.#attach(request.getAddress())),
      getPluginInfo: this.#unary(async () => new PluginInfo().setVersion(version)),
      getSchema: this.#unary(async () => new pb.GetSchemaResponse().setSchema(this.#options.schema())),
      checkConfig: this.#unary((request: pb.CheckRequest) => this.#checkConfig(request)),
      diffConfig: this.#unary((request: pb.DiffRequest) => this.#diffConfig(request)),
      configure: this.#unary((request: pb.ConfigureRequest) => this.#configure(request)),
      invoke: this.#unary((request: pb.InvokeRequest) => this.#invoke(request)),
      check: this.#unary((request: pb.CheckRequest) =>
        this.#configured(request, (one) => one.check(request)),
      ),
      diff: this.#unary((request: pb.DiffRequest) => this.#configured(request, (one) => one.diff(request))),
      create: this.#unary((request: pb.CreateRequest) =>
        this.#configured(request, (one) => one.create(request)),
      ),
      read: this.#unary((request: pb.ReadRequest) => this.#configured(request, (one) => one.read(request))),
      update: this.#unary((request: pb.UpdateRequest) =>
        this.#configured(request, (one) => one.update(request)),
      ),
      delete: this.#unary((request: pb.DeleteRequest) =>
        this.#configured(request, (one) => one.delete(request)),
      ),
      cancel: this.#unary(() => this.#cancel()),
    };
  }

  async #handshake(request: pb.ProviderHandshakeRequest): Promise<pb.ProviderHandshakeResponse> {
    if (request.getEngineAddress() !== "") this.#options.log.connect(request.getEngineAddress());
    const response = new pb.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  async #attach(address: string): Promise<Empty> {
    this.#options.log.connect(address);
    return new Empty();
  }

  async #checkConfig(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const { values } = openProperties(request.getNews());
    const failures = checkConfiguration(values).map(({ property, reason }) => ({
      property,
      reason: spoken(reason, this.#secrets),
    }));
    const inputs = failures.length > 0 ? values : withOrigin(values, this.#options.env);
    return checkResponse(sealProperties(inputs, secretSettings), failures);
  }

  async #diffConfig(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const [olds, news] = [openProperties(request.getOldInputs()), openProperties(request.getNews())];
    const { env, findOrganisation } = this.#options;
    const before = Object.keys(olds.values).length > 0 ? olds : openProperties(request.getOlds());
    const { changed, replaces } = await diffConfiguration(before.values, news.values, env, findOrganisation);
    return diffResponse(changed.size > 0, changed, replaces);
  }

  async #configure(request: pb.ConfigureRequest): Promise<pb.ConfigureResponse> {
    const { env, log, findOrganisation, openSession } = this.#options;
    const { values } = openProperties(request.getArgs());
    const name = request.getName() || (request.getUrn() ?? "").split("::").slice(3).join("::");
    const configuration = await withCurrentKeys(values, name, env, findOrganisation);
    const session = openSession(configuration, engineListener(log, this.#secrets));
    this.#provider = new ConfiguredProvider(session, this.#secrets, log);
    const response = new pb.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  async #invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const name = /^datadog-findings:index:(\w+)$/.exec(request.getTok())?.[1] ?? "";
    const work = Object.hasOwn(providerFunctions, name) ? providerFunctions[name] : undefined;
    if (!work) throw new RpcFailure(`there is no function ${request.getTok()}`, grpc.status.INVALID_ARGUMENT);
    const args = openProperties(request.getArgs());
    this.#secrets.add(args.secretTexts);
    const response = new pb.InvokeResponse();
    response.setReturn(toStruct(await work(this.#configuredProvider.session, args.values)));
    return response;
  }

  /** The engine says so at the end of every deployment, too; under Attach another one may come. */
  async #cancel(): Promise<Empty> {
    this.stop();
    return new Empty();
  }

  #configured<T>(
    request: { getUrn(): string },
    work: (provider: ConfiguredProvider) => Promise<T>,
  ): Promise<T> {
    return forResource(request.getUrn(), () => work(this.#configuredProvider));
  }

  get #configuredProvider(): ConfiguredProvider {
    if (this.#provider) return this.#provider;
    throw new RpcFailure("the provider is not configured", grpc.status.FAILED_PRECONDITION);
  }

  /** Answers when all that was said meanwhile has reached the engine: it may end right after the answer. */
  #unary<Request, Response>(work: (request: Request) => Promise<Response>) {
    return async (
      call: grpc.ServerUnaryCall<Request, Response>,
      answer: grpc.sendUnaryData<Response>,
    ): Promise<void> => {
      this.#underWay++;
      try {
        const response = await work(call.request);
        await this.#options.log.flush();
        answer(null, response);
      } catch (error) {
        await this.#options.log.flush();
        answer(this.#failureOf(error).response);
      } finally {
        this.#underWay--;
      }
    };
  }

  #failureOf(error: unknown): RpcFailure {
    if (error instanceof RpcFailure) return error;
    const message = messageOf(error);
    return new RpcFailure(bounded(spoken(message, this.#secrets)));
  }
}
