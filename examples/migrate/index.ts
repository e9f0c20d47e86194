import * as pulumi from "@pulumi/pulumi";
import { FindingsAssignment } from "pulumi-datadog-findings";
import { PluginAssignment } from "./pluginAssignment";

// The plugin has a configuration of its own: the same organisation, under the namespace datadog-findings.
const Assignment = new pulumi.Config().getBoolean("plugin") ? PluginAssignment : FindingsAssignment;

const critical = new Assignment("critical", {
  assignee: "pat.payments@example.com",
  findingIds: [
    "ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==",
    "ZGVmLTAwMS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw==",
    "ZGVmLTAwMi1lMjd-aS0xOGE0YjE0OTI2MmQwMDAwYQ==",
  ],
});

export const owner = critical.assigneeId;
