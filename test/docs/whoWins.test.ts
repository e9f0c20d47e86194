import assert from "node:assert/strict";
import { seedFindings } from "../emulator";
import { OwnershipStack } from "../support/ownershipStack";
import { type Program, play } from "../support/play";
import { pageOf } from "./pages";

const HOUR_MS = 3_600_000;

/** As the head of a column; `""` where the story has no first deployment yet. */
const DEPLOYMENTS = ["first up", "later up", "up --refresh", "destroy"] as const;
type Deployment = (typeof DEPLOYMENTS)[number];

/** What becomes of a finding before and after the first deployment, by the row's head. */
const STORIES: Readonly<Record<string, { readonly before: Owner; readonly since?: Owner }>> = {
  "nobody has it": { before: "nobody" },
  "another user had it before": { before: "another" },
  "its declared owner had it before": { before: "declared" },
  "another user got it since": { before: "nobody", since: "another" },
  "somebody unassigned it since": { before: "nobody", since: "nobody" },
};

type Owner = "declared" | "another" | "nobody";

/** A stack with one finding in Datadog. */
interface World {
  give(owner: Owner): void;
  owner(): Owner;
  deploy(deployment: Deployment): Promise<unknown>;
  /** Longer than any search lags. */
  wait(): Promise<void>;
}

/** @returns what the deployment did, in the words of the table */
async function outcome(world: World, story: string, deployment: Deployment): Promise<string> {
  const { before, since } = STORIES[story] ?? assert.fail(`no story: ${story}`);
  world.give(before);
  await world.wait();
  if (deployment === "first up") {
    if (since !== undefined) return "";
  } else {
    await world.deploy("first up");
    await world.wait();
    if (since !== undefined) world.give(since);
    await world.wait();
  }
  const found = world.owner();
  const sent = await world.deploy(deployment);
  const left = world.owner();
  if (left === "nobody" && found !== "nobody") return "released";
  if (left === "declared" && (found !== "declared" || sent === true)) return "assigned";
  assert.equal(left, found);
  return "unchanged";
}

async function ofList(story: string, deployment: Deployment): Promise<string> {
  let done = "";
  await play({ findings: 1 }, async (s, declared, another) => {
    const [id = ""] = s.ids;
    const users = { declared, another, nobody: null };
    const program: Program = { list: { findingIds: s.ids, assignee: declared } };
    done = await outcome(
      {
        give: (owner) => s.emulator.reassignByHand(id, users[owner]),
        owner: () => ownerOf(users, s.emulator.ownerOf(id)),
        async deploy(kind) {
          const before = s.emulator.requests.count("assignee");
          const refresh = kind === "up --refresh";
          await (kind === "destroy" ? s.stack.destroy() : s.stack.up(program, { refresh }));
          return s.emulator.requests.count("assignee") > before;
        },
        wait: () => s.clock.sleep(HOUR_MS),
      },
      story,
      deployment,
    );
  });
  return done;
}

function ofRule(overwrite: boolean) {
  return (story: string, deployment: Deployment): Promise<string> => {
    const findings = seedFindings({ count: 1, seed: 1 });
    const stack = new OwnershipStack(findings);
    const id = findings[0]?.id ?? "";
    const [declared, another] = [stack.idOf(stack.email(0)), stack.idOf(stack.email(1))];
    const users = { declared, another, nobody: null };
    const args = { rules: [{ name: "all", query: "*", assignee: stack.email(0), overwrite }] };
    const world: World = {
      give: (owner) => stack.emulator.reassignByHand(id, users[owner]),
      owner: () => ownerOf(users, stack.emulator.ownerOf(id)),
      async deploy(kind) {
        const before = stack.emulator.requests.count("assignee");
        const refresh = kind === "up --refresh";
        await (kind === "destroy" ? stack.destroy() : stack.up(args, { refresh }));
        return stack.emulator.requests.count("assignee") > before;
      },
      wait: () => stack.wait(HOUR_MS),
    };
    return outcome(world, story, deployment);
  };
}

function ownerOf(users: Readonly<Record<Owner, string | null>>, id: string | null): Owner {
  for (const owner of ["declared", "another", "nobody"] as const) if (users[owner] === id) return owner;
  return assert.fail(`${id} is nobody of the story`);
}

/** The rows of the table whose first head cell is this. */
function tableOf(head: string): string[][] {
  const lines = pageOf("docs/who-wins.md").text.split("\n");
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", ""));
  const first = lines.findIndex((line) => cells(line)[0] === head);
  assert.ok(first >= 0, `a table about ${head}`);
  assert.deepEqual(cells(lines[first] ?? "").slice(1), [...DEPLOYMENTS]);
  const rest = lines.slice(first + 2);
  return rest.slice(0, rest.indexOf("")).map(cells);
}

describe("each cell of docs/who-wins.md is what a deployment does", () => {
  const tables = {
    "a finding of a FindingsAssignment": ofList,
    "a finding of a rule": ofRule(false),
    "a finding of a rule with overwrite": ofRule(true),
  };
  for (const [head, play] of Object.entries(tables)) {
    it(head, async () => {
      const observed: string[][] = [];
      for (const story of Object.keys(STORIES)) {
        const row = [story];
        for (const deployment of DEPLOYMENTS) row.push(await play(story, deployment));
        observed.push(row);
      }
      assert.deepEqual(tableOf(head), observed);
    });
  }
});
