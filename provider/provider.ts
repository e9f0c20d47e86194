import type * as pulumi from "@pulumi/pulumi";
import { checkAssignment } from "./assignment/checkAssignment";
import { createAssignment } from "./assignment/createAssignment";
import { deleteAssignment } from "./assignment/deleteAssignment";
import { diffAssignment } from "./assignment/diffAssignment";
import { previewCheck } from "./assignment/previewAssignment";
import { readAssignment } from "./assignment/readAssignment";
import { updateAssignment } from "./assignment/updateAssignment";
import { dynamicProvider } from "./dynamic/dynamicProvider";
import { configureProcess, processSession } from "./dynamic/processSession";
import { quietFailedCalls } from "./dynamic/quietFailedCalls";
import { withConfigurationFailure } from "./engine/configurationFailure";
import { deleteOwnership } from "./ownership/deleteOwnership";
import {
  checkOwnership,
  createOwnership,
  diffOwnership,
  updateOwnership,
} from "./ownership/ownershipLifecycle";
import { readOwnership } from "./ownership/readOwnership";

quietFailedCalls(console);

/**
 * What the serialized provider of FindingsAssignment delegates to, in the provider process. The states of all
 * deployments call these names with these arguments: they stay.
 */
export const assignment: Required<pulumi.dynamic.ResourceProvider> = dynamicProvider(
  {
    configure: async (request) => configureProcess(request.config),
    check: async (olds, news) =>
      withConfigurationFailure(news, () =>
        previewCheck(processSession(), olds, checkAssignment(processSession(), news)),
      ),
    diff: async (id, olds, news) => diffAssignment(processSession(), id, olds, news),
    create: async (inputs) => createAssignment(processSession(), inputs),
    read: async (id, props) => readAssignment(processSession(), id, props),
    update: async (id, olds, news) => updateAssignment(processSession(), id, olds, news),
    delete: async (id, props) => deleteAssignment(processSession(), id, props),
  },
  { onPreview: () => processSession().notePreview() },
);

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
