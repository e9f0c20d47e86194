import assert from "node:assert/strict";
import { client } from "@datadog/datadog-api-client";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "./keyring";

/** Of Datadog's own client, for tests that drive the emulator with it. */
export function configuration(url: string, apiKey = EMULATOR_API_KEY) {
  const configured = client.createConfiguration({
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: EMULATOR_APP_KEY },
    baseServer: new client.BaseServerConfiguration(url, {}),
    enableRetry: false,
  });
  configured.unstableOperations["v2.updateFindingsAssignee"] = true;
  return configured;
}

export function rejectsWith(promise: Promise<unknown>, code: number, text: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof client.ApiException);
    assert.equal(error.code, code);
    assert.match(JSON.stringify(error.body), text);
    return true;
  });
}
