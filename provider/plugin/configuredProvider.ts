import * as grpc from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { SecretTexts } from "../dynamic/secretTexts";
import { pluginAssignmentType, pluginOwnershipType } from "../engine/resourceTypes";
import { trailerSize } from "../engine/trailerSize";
import type { Session } from "../session/session";
import { assignmentResource } from "./assignmentResource";
import type { DeploymentLog } from "./engineLog";
import { ownershipResource } from "./ownershipResource";
import { type OpenedProperties, openProperties, toStruct } from "./properties";
import { dynamicTraces, type KeptOutputs, ResourceCall } from "./resourceCall";
import type { ResourceLifecycle } from "./resourceLifecycle";
import { checkResponse, diffResponse } from "./responses";
import { PARTIAL_FAILURE, partialFailure, RpcFailure } from "./rpcFailure";

const lifecycles: Readonly<Record<string, ResourceLifecycle>> = {
  [pluginAssignmentType]: assignmentResource,
  [pluginOwnershipType]: ownershipResource,
};

/**
 * The engine takes 16 MiB of trailers, gRPC's default in Go, and no answer at all beyond it: some 200,000
 * findings. Such a state is saved as a success, with an error in the log.
 */
const LARGEST_TRAILER = 12_000_000;

/** The part of a request that says which resource it is about. */
interface ResourceRequest {
  getUrn(): string;
  getName(): string;
  getType(): string;
}

/** The calls about resources, for one configured provider. */
export class ConfiguredProvider {
  constructor(
    readonly session: Session,
    readonly secrets: SecretTexts,
    readonly log: DeploymentLog,
  ) {}

  async check(request: pb.CheckRequest): Promise<pb.CheckResponse> {
    const call = this.#callOf(request);
    const olds = this.#open(request.getOlds());
    const news = this.#open(request.getNews());
    const { inputs, failures } = await call.lifecycle.check(
      this.session,
      olds.values,
      call.named(news.values),
    );
    return checkResponse(call.sealed(inputs, [news]), call.failures(failures, news));
  }

  async diff(request: pb.DiffRequest): Promise<pb.DiffResponse> {
    const call = this.#callOf(request);
    const olds = this.#open(request.getOlds());
    const news = this.#open(request.getNews());
    const oldInputs = this.#open(request.getOldInputs());
    const { changes, detailed } = await call.lifecycle.diff(
      this.session,
      keyOf(request),
      call.named(olds.values),
      call.named(news.values),
      oldInputs.values,
    );
    return diffResponse(changes, detailed);
  }

  async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const call = this.#callOf(request);
    const news = this.#open(request.getProperties());
    const response = new pb.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(await call.preview(this.session, news, undefined)));
      return response;
    }
    const { session } = this;
    const kept = await call.change("", news, undefined, () =>
      call.lifecycle.create(session, call.named(news.values)),
    );
    this.#report(request.getUrn(), kept);
    response.setId(kept.id);
    response.setProperties(toStruct(kept.properties));
    return response;
  }

  async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const call = this.#callOf(request);
    const olds = this.#open(request.getOlds());
    const news = this.#open(request.getNews());
    const response = new pb.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(await call.preview(this.session, news, olds)));
      return response;
    }
    const id = request.getId();
    const kept = await call.change(id, news, olds, () =>
      call.lifecycle.update(this.session, keyOf(request), call.named(olds.values), call.named(news.values)),
    );
    this.#report(request.getUrn(), kept);
    response.setProperties(toStruct(kept.properties));
    return response;
  }

  async delete(request: pb.DeleteRequest): Promise<Empty> {
    const call = this.#callOf(request);
    const state = this.#open(request.getProperties());
    await call.lifecycle.delete(this.session, keyOf(request), call.named(state.values));
    return new Empty();
  }

  async read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const call = this.#callOf(request);
    const response = new pb.ReadResponse();
    const id = request.getId();
    const state = this.#open(request.getProperties());
    const stored = this.#open(request.getInputs());
    // An import, or a program that reads what it does not manage: there is no state.
    if (Object.keys(state.values).length === 0) {
      const { props, inputs } = await call.lifecycle.import(this.session, id, call.name);
      response.setId(id);
      response.setProperties(toStruct(call.sealed({ ...call.lifecycle.usualOutputs, ...props }, [])));
      response.setInputs(toStruct(call.sealed(inputs, [])));
      return response;
    }
    const { props, inputs } = await call.lifecycle.read(this.session, id, call.named(state.values));
    const kept = { ...props, ...dynamicTraces(state.values) };
    response.setId(id);
    response.setProperties(toStruct(call.sealed(kept, [stored, state])));
    if (inputs) response.setInputs(toStruct(call.sealed(inputs, [stored])));
    return response;
  }

  /** Fails the call where it has reasons to, with the state for the engine to keep. */
  #report(urn: string, { id, properties, reasons }: KeptOutputs): void {
    if (reasons.length === 0) return;
    const size = trailerSize({ message: PARTIAL_FAILURE, id, properties, reasons });
    if (size <= LARGEST_TRAILER) throw partialFailure({ id, properties, reasons });
    this.log.say({ severity: "ERROR", message: reasons.join("\n"), urn });
  }

  #callOf(request: ResourceRequest): ResourceCall {
    const { name, type } = identityOf(request);
    const lifecycle = lifecycles[type];
    if (!lifecycle) throw new RpcFailure(`there is no resource ${type}`, grpc.status.INVALID_ARGUMENT);
    return new ResourceCall(name, lifecycle, this.secrets);
  }

  /** What is secret in a request is named by no message from then on. */
  #open(struct: Struct | undefined): OpenedProperties {
    const opened = openProperties(struct);
    this.secrets.add(opened.secretTexts);
    return opened;
  }
}

/**
 * What tells a resource from all others of the stack. The id alone does not: that of an import is whose
 * findings it took over, and a user may be imported twice. Nor does the URN: a resource that is replaced
 * shares it with its successor.
 */
function keyOf(request: { getUrn(): string; getId(): string }): string {
  return `${request.getUrn()} ${request.getId()}`;
}

/** Name and type; both are in the URN, too, where an older engine says no more. */
function identityOf(request: ResourceRequest): { readonly name: string; readonly type: string } {
  const [, , types = "", ...name] = request.getUrn().split("::");
  return {
    name: request.getName() || name.join("::"),
    type: request.getType() || (types.split("$").at(-1) ?? ""),
  };
}
