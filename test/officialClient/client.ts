import assert from "node:assert/strict";
import * as client from "@datadog/datadog-api-client/dist/packages/datadog-api-client-common";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../emulator";

// File by file: the package's index has 9,000 declaration files, which would take the compiler most of its time.
export { logger } from "@datadog/datadog-api-client/dist/logger";
export { OnCallApi } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/OnCallApi";
export { SecurityMonitoringApi } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/SecurityMonitoringApi";
export { TeamsApi } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/TeamsApi";
export { UsersApi } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/apis/UsersApi";

import type { AssigneeRequest } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/AssigneeRequest";

export { Escalation } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/Escalation";
export { User } from "@datadog/datadog-api-client/dist/packages/datadog-api-client-v2/models/User";
export { client };

/** Of Datadog's own client, for who drives the emulator with it. Default: no retries. */
export function configuration(url: string, { apiKey = EMULATOR_API_KEY, enableRetry = false } = {}) {
  const configured = client.createConfiguration({
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: EMULATOR_APP_KEY },
    baseServer: new client.BaseServerConfiguration(url, {}),
    enableRetry,
  });
  configured.unstableOperations["v2.updateFindingsAssignee"] = true;
  return configured;
}

/** @param assigneeId default: unassign */
export function assigneeRequest(findingIds: readonly string[], assigneeId?: string): AssigneeRequest {
  return {
    data: {
      id: "b5fd3c5a-6b52-4b09-a3a6-4e7b6a3f8a11",
      type: "assignee",
      attributes: assigneeId === undefined ? {} : { assigneeId },
      relationships: { findings: { data: findingIds.map((id) => ({ id, type: "findings" })) } },
    },
  };
}

export function rejectsWith(promise: Promise<unknown>, code: number, text: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof client.ApiException);
    assert.equal(error.code, code);
    assert.match(JSON.stringify(error.body), text);
    return true;
  });
}
