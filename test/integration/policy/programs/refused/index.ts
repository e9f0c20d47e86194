import { FindingsAssignment } from "pulumi-datadog-findings";

new FindingsAssignment("payments", { assignee: "me@gmail.com", findingIds: ["f1"] });
