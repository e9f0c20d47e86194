import { groupBy } from "../../provider/core/groupBy";
import { contend } from "../bench/contend";
import type { Work } from "../bench/work";
import { assigneeRequest, configuration, logger, SecurityMonitoringApi } from "./client";

/**
 * A script with Datadog's own client, its retries switched on: sends everything it is given, 100 findings to
 * a request.
 */
async function runScript({ url, assignments, rules }: Work): Promise<void> {
  // Each use of an endpoint in preview is a line.
  logger.setLevel("error");
  const security = new SecurityMonitoringApi(configuration(url, { enableRetry: true }));
  for (const [assignee, own] of groupBy(assignments, (each) => each.assignee)) {
    await assign(
      security,
      own.flatMap(({ findingIds }) => findingIds),
      assignee,
    );
  }
  // Rules come in order, and what one has taken has an owner for the next.
  for (const { query, assignee } of rules) {
    await assign(security, await unowned(security, query), assignee);
  }
}

async function assign(
  security: SecurityMonitoringApi,
  findingIds: readonly string[],
  assigneeId: string,
): Promise<void> {
  for (let from = 0; from < findingIds.length; from += 100) {
    const body = assigneeRequest(findingIds.slice(from, from + 100), assigneeId);
    await security.updateFindingsAssignee({ body });
  }
}

async function unowned(security: SecurityMonitoringApi, query: string): Promise<string[]> {
  const ids: string[] = [];
  const filter = `${query} -@workflow.triage.assignee.id:*`;
  for (let cursor: string | undefined; ; ) {
    const page = { limit: 100, ...(cursor !== undefined && { cursor }) };
    const { data = [], meta } = await security.searchSecurityFindings({
      body: { data: { attributes: { filter, page } } },
    });
    ids.push(...data.flatMap(({ id }) => id ?? []));
    cursor = meta?.page?.after;
    if (cursor === undefined || data.length === 0) return ids;
  }
}

void contend(runScript);
