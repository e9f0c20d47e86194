import type * as pulumi from "@pulumi/pulumi";
import { dynamicProvider } from "./dynamicProvider";
import { checkAssignment } from "./lifecycle/checkAssignment";
import { withConfigurationFailure } from "./lifecycle/configurationFailure";
import { createAssignment } from "./lifecycle/createAssignment";
import { deleteAssignment } from "./lifecycle/deleteAssignment";
import { diffAssignment } from "./lifecycle/diffAssignment";
import { deleteOwnership } from "./lifecycle/ownership/deleteOwnership";
import {
  checkOwnership,
  createOwnership,
  diffOwnership,
  updateOwnership,
} from "./lifecycle/ownership/ownershipLifecycle";
import { readOwnership } from "./lifecycle/ownership/readOwnership";
import { configureProcess, processSession } from "./lifecycle/processSession";
import { readAssignment } from "./lifecycle/readAssignment";
import { updateAssignment } from "./lifecycle/updateAssignment";

/**
 * What the serialized provider of FindingsAssignment delegates to, in the provider process. The states of all deployments call
 * these names with these arguments: they stay.
 */
export const assignment: Required<pulumi.dynamic.ResourceProvider> = dynamicProvider({
  configure: async (request) => configureProcess(request.config),
  check: async (_olds, news) => withConfigurationFailure(news, () => checkAssignment(processSession(), news)),
  diff: async (id, olds, news) => diffAssignment(processSession(), id, olds, news),
  create: async (inputs) => createAssignment(processSession(), inputs),
  read: async (id, props) => readAssignment(processSession(), id, props),
  update: async (id, olds, news) => updateAssignment(processSession(), id, olds, news),
  delete: async (id, props) => deleteAssignment(processSession(), id, props),
});

/** The same for FindingsOwnership. */
export const ownership: Required<pulumi.dynamic.ResourceProvider> = dynamicProvider({
  configure: async (request) => configureProcess(request.config),
  check: async (olds, news) =>
    withConfigurationFailure(news, () => checkOwnership(processSession(), olds, news)),
  diff: async (_id, olds, news) => diffOwnership(processSession(), olds, news),
  create: async (inputs) => createOwnership(processSession(), inputs),
  read: async (id, props) => readOwnership(processSession(), id, props),
  update: async (id, olds, news) => updateOwnership(processSession(), id, olds, news),
  delete: async (_id, props) => deleteOwnership(processSession(), props),
});
