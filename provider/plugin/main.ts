#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { organisationFinder } from "./currentKeys";
import { EngineLog } from "./engineLog";
import { obeyEngine } from "./lifetime";
import { PluginService } from "./pluginService";
import { sessionOpener } from "./providerSession";

/** Two folders up from both `provider/plugin` and the folder of the bundle, `dist/bundle`. */
const SCHEMA = join(__dirname, "..", "..", "plugin", "schema.json");

/**
 * Runs the plugin.
 * @param engineAddress where the engine listens; without one the plugin was started by hand, and the engine
 * attaches to it
 */
export function runPlugin(engineAddress: string | undefined): void {
  const log = new EngineLog();
  if (engineAddress !== undefined) log.connect(engineAddress);
  const service = new PluginService({
    env: process.env,
    log,
    openSession: sessionOpener(process.env),
    findOrganisation: organisationFinder(process.env),
    schema: () => readFileSync(SCHEMA, "utf8"),
  });
  obeyEngine(service, log, engineAddress !== undefined);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, service.handlers);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    // The engine reads the first line, and shows no other.
    process.stdout.write(`${port}\n`);
  });
}

if (require.main === module) runPlugin(process.argv.slice(2).at(-1));
