import type { Mutant } from "./mutant";

/** An answer of Datadog that accepts everything, which nobody has given. */
const ACCEPTED = "{ failures: [], unattributed: [], warnings: [], leftAlone: [], acceptedAt: clock.now() }";

/** Each way to break the provider that the random histories must notice. */
export const mutants: readonly Mutant[] = [
  {
    name: "skips what an earlier deployment was told to have done",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          const told = (globalThis.toldByDatadog ??= new Map());
          return async (ids, assigneeId, ...rest) => {
            const left = ids.filter((id) => told.get(id) !== assigneeId);
            if (left.length === 0) return ${ACCEPTED};
            const receipt = await assign(left, assigneeId, ...rest);
            const failed = new Set(receipt.failures.map(({ findingId }) => findingId));
            for (const id of left) if (!failed.has(id)) told.set(id, assigneeId);
            return receipt;
          };
        }`,
      },
    ],
  },
  {
    name: "never unassigns, and says that it did",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (ids, assigneeId, ...rest) =>
            assigneeId === null ? ${ACCEPTED} : assign(ids, assigneeId, ...rest);
        }`,
      },
    ],
  },
  {
    name: "loses the last finding of a batch",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return (ids, ...rest) => assign(ids.length > 1 ? ids.slice(0, -1) : ids, ...rest);
        }`,
      },
    ],
  },
  {
    name: "takes a 202 for the success of every finding",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (...request) => ({ ...(await assign(...request)), failures: [] });
        }`,
      },
    ],
  },
  {
    name: "takes an answer that never came for a success",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return (...request) => assign(...request).catch((error) => {
            if ("status" in error && error.status < 500) throw error;
            return ${ACCEPTED};
          });
        }`,
      },
    ],
  },
  {
    name: "unassigns on the way to another owner",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (ids, assigneeId, ...rest) => {
            if (assigneeId !== null) await assign(ids, null, ...rest);
            return assign(ids, assigneeId, ...rest);
          };
        }`,
      },
    ],
  },
  {
    name: "sends every assignment twice",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (...request) => {
            await assign(...request).catch(() => undefined);
            return assign(...request);
          };
        }`,
      },
    ],
  },
  {
    name: "sends findings one by one",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (ids, ...rest) => {
            const receipts = [];
            for (const id of ids) receipts.push(await assign([id], ...rest));
            const all = (part) => receipts.flatMap((receipt) => receipt[part]);
            return { failures: all("failures"), unattributed: all("unattributed"), warnings: all("warnings"), leftAlone: all("leftAlone"),
              acceptedAt: receipts[0].acceptedAt };
          };
        }`,
      },
    ],
  },
  {
    name: "takes findings back from whoever got them since",
    changes: [
      {
        wraps: "judgeOwner",
        as: `(original, ...question) => {
          const verdict = original(...question);
          return verdict === "somebodyElse" ? "asLeft" : verdict;
        }`,
      },
    ],
  },
  {
    name: "believes the search at once, however much it lags",
    changes: [
      {
        wraps: "judgeOwner",
        as: "(original, observed, own, now) => original(observed, { ...own, acceptedAt: undefined }, now)",
      },
    ],
  },
  {
    name: "takes times in seconds for milliseconds",
    changes: [{ replaces: "value * 1_000 : undefined", by: "value : undefined" }],
  },
  {
    name: "sends nothing again, whatever becomes of it",
    changes: [{ wraps: "withRetry", as: "(original, send) => send" }],
  },
  {
    name: "waits for no rate limit",
    changes: [{ wraps: "withRateLimit", as: "(original, send) => send" }],
  },
  {
    name: "releases what another resource of the program declares",
    changes: [
      {
        replaces: / {2}has\(findingId: string\): boolean \{/,
        by: "  has(findingId: string): boolean { return false;",
      },
    ],
  },
  {
    name: "forgets in the state what failed",
    changes: [{ wraps: "storeState", as: "(original, state) => ({ ...original(state), failures: [] })" }],
  },
  {
    name: "ends as a success, whatever failed",
    changes: [
      {
        wraps: "reportFailures",
        as: `(original, session, { properties: { __provider, ...outs } }) => outs`,
      },
    ],
  },
  {
    name: "does not name the findings that failed",
    changes: [
      {
        wraps: "explainFailures",
        as: `(original, summary) => original({
          ...summary, failures: summary.failures.map((problem) => ({ ...problem, findingId: "a finding" })),
        })`,
      },
    ],
  },
  {
    name: "sees no drift",
    changes: [{ wraps: "readAssignment", as: "(original, session, id, props) => ({ id, props })" }],
  },
  {
    name: "does not see that the assignee has changed",
    changes: [
      {
        wraps: "diffAssignment",
        as: `(original, session, id, olds, news) =>
          original(session, id, olds, { ...news, assignee: olds.assignee })`,
      },
    ],
  },
  {
    name: "deletes a resource without a request",
    changes: [{ wraps: "deleteAssignment", as: "async () => {}" }],
  },
  {
    name: "goes on after Ctrl-C",
    changes: [
      {
        replaces:
          /cancel\(\) \{\n\s+changes\.cancel\(CANCELLED\);\n\s+cancellation\.abort\(new Error\(CANCELLED\)\);/,
        by: "cancel() {",
      },
    ],
  },
  {
    name: "looks at findings one by one",
    changes: [
      {
        wraps: "searchByIds",
        as: `async (original, api, ids, ...rest) => {
          const parts = [];
          for (const id of ids) parts.push(await original(api, [id], ...rest));
          return {
            findings: new Map(parts.flatMap(({ findings }) => [...findings])),
            unreadable: new Set(parts.flatMap(({ unreadable }) => [...unreadable])),
            answeredAt: Math.max(...parts.map(({ answeredAt }) => answeredAt)),
          };
        }`,
      },
    ],
  },
  {
    name: "believes that failures under other ids are nobody's",
    changes: [
      {
        wraps: "createAssign",
        as: `(original, send, clock) => {
          const assign = original(send, clock);
          return async (...request) => ({ ...(await assign(...request)), unattributed: [] });
        }`,
      },
    ],
  },
  {
    name: "takes what the search does not show for gone",
    changes: [
      {
        replaces: /OwnerJudgement \{\s+if \(!finding\) return "unseen";/,
        by: 'OwnerJudgement {\n  if (!finding) return "somebodyElse";',
      },
    ],
  },
  {
    name: "takes an owner of an unknown time for an old one",
    changes: [
      {
        replaces: /case "mayLag":\s+return finding\?\.assignee != null;/,
        by: 'case "mayLag":\n      return false;',
      },
    ],
  },
  {
    name: "forgets a finding that moves before the other resource has it",
    changes: [{ wraps: "confirmMoves", as: "async () => ({ toAssign: new Map(), open: [] })" }],
  },
  {
    name: "lets the last rule that matches win",
    changes: [
      {
        wraps: "ownershipSpec",
        as: `(original, declared) => {
          const spec = original(declared);
          return { ...spec, rules: spec.rules.toReversed() };
        }`,
      },
    ],
  },
  {
    name: "overwrites where a rule must not",
    changes: [
      {
        wraps: "ownershipSpec",
        as: `(original, declared) => {
          const spec = original(declared);
          return { ...spec, rules: spec.rules.map((rule) => ({ ...rule, overwrite: true })) };
        }`,
      },
    ],
  },
  {
    name: "looks beyond the scope",
    changes: [
      { wraps: "ownershipSpec", as: "(original, declared) => ({ ...original(declared), scope: undefined })" },
    ],
  },
  {
    name: "touches what is excluded",
    changes: [
      { wraps: "ownershipSpec", as: "(original, declared) => ({ ...original(declared), exclude: [] })" },
    ],
  },
  {
    name: "forgets what another list claims during a release",
    changes: [
      {
        replaces: "return findingIds.filter((id) => claims.has(id) && isOpen(id));",
        by: "return [];",
      },
    ],
  },
  {
    name: "releases nothing where rules shrink",
    changes: [
      {
        wraps: "findLeftovers",
        as: `async () => ({
          leftovers: [], declaredLeftovers: [], former: [], staying: [], unseen: undefined, heldBack: false,
          strays: { findings: [], more: false },
        })`,
      },
    ],
  },
  {
    name: "destroys rules before the search shows what they gave away",
    changes: [
      {
        wraps: "awaitAssigned",
        as: `(original, session, label, state, ...rest) =>
          original(session, label, { ...state, recentlyAssigned: undefined }, ...rest)`,
      },
    ],
  },
  {
    name: "counts one finding too many",
    changes: [
      {
        wraps: "stateAfter",
        as: `(original, ...given) => {
          const state = original(...given);
          return state.total > 0 ? { ...state, total: state.total + 1 } : state;
        }`,
      },
    ],
  },
];
