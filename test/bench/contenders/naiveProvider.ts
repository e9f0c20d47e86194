import { randomUUID } from "node:crypto";

interface Props {
  readonly findingIds: readonly string[];
  readonly assignee: string | null;
}

/**
 * A dynamic provider as one writes it in an afternoon: a request for each 100 ids of a resource, and another
 * try after a 429.
 */
export class NaiveProvider {
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {}

  async create(inputs: Props): Promise<{ id: string; outs: Props }> {
    for (let from = 0; from < inputs.findingIds.length; from += 100) {
      await this.assign(inputs.findingIds.slice(from, from + 100), inputs.assignee);
    }
    return { id: randomUUID(), outs: inputs };
  }

  async diff(_id: string, olds: Props, news: Props): Promise<{ changes: boolean }> {
    return { changes: JSON.stringify(olds) !== JSON.stringify(news) };
  }

  async update(_id: string, _olds: Props, news: Props): Promise<{ outs: Props }> {
    return this.create(news);
  }

  private async assign(ids: readonly string[], assignee: string | null): Promise<void> {
    const findings = { data: ids.map((id) => ({ id, type: "findings" })) };
    const attributes = { assignee_id: assignee };
    const body = JSON.stringify({ data: { type: "assignee", attributes, relationships: { findings } } });
    for (;;) {
      const path = "/api/v2/security/findings/assignee";
      const response = await fetch(this.url + path, { method: "PATCH", headers: this.headers, body });
      if (response.ok) return;
      if (response.status !== 429) throw new Error(`Datadog answered ${response.status}`);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
