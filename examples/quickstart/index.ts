import { FindingsAssignment } from "pulumi-datadog-findings";
import owners from "./owners.json";

for (const [name, { assignee, findingIds }] of Object.entries(owners)) {
  new FindingsAssignment(name, { assignee, findingIds });
}
