import { describeEngines } from "../engine";

/** Says once, before all tests, which engines the deployments run on. */
export function mochaGlobalSetup(): void {
  console.log(describeEngines());
}
