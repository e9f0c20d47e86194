import { deleteOwnership } from "../ownership/deleteOwnership";
import {
  checkOwnership,
  createOwnership,
  diffOwnership,
  updateOwnership,
} from "../ownership/ownershipLifecycle";
import { readOwnership } from "../ownership/readOwnership";
import { type DetailedDiff, ownershipDiff } from "./detailedDiff";
import { UNKNOWN } from "./properties";
import type { ResourceLifecycle } from "./resourceLifecycle";

/** `datadog-findings:index:FindingsOwnership` */
export const ownershipResource: ResourceLifecycle = {
  check: checkOwnership,
  async diff(session, _id, olds, news, oldInputs) {
    const { changes } = await diffOwnership(session, olds, news);
    const detailed: DetailedDiff = changes ? ownershipDiff(oldInputs, news) : new Map();
    return { changes, detailed };
  },
  create: createOwnership,
  update: updateOwnership,
  read: readOwnership,
  delete: (session, _id, props) => deleteOwnership(session, props),
  async preview(_session, news) {
    return { ...news, results: UNKNOWN, total: UNKNOWN, unowned: UNKNOWN, failures: UNKNOWN };
  },
  async import(_session, _id, name) {
    throw new Error(
      `${name}: a FindingsOwnership cannot be imported: it is the rules that your program declares, and Datadog keeps none. ` +
        "Declare the rules; the first `pulumi up` sends only what is not yet as they say",
    );
  },
  usualOutputs: { exclude: [], onDelete: "unassign", releaseRemoved: false },
};
