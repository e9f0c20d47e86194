import { relative } from "node:path";
import { type MochaOptions, type Runnable, type Runner, reporters } from "mocha";

/** Mocha's own report; under each failure stands the command that runs the test alone. */
class RerunReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    // an error that comes from a worker is an object of the same properties
    runner.on("fail", (test, error: Partial<Error>) => {
      error.stack = `${error.stack ?? error.message}\n${commandFor(test)}`;
    });
  }
}

function commandFor(test: Runnable): string {
  const file = test.file ?? test.parent?.file ?? "";
  // of a hook the title says where it stands; its suite runs it
  const isHook = "type" in test && test.type === "hook";
  const name = (isHook ? test.parent : test)?.fullTitle() ?? "";
  return `    run it alone: npx mocha ${relative(process.cwd(), file)} --fgrep ${JSON.stringify(name)}`;
}

export = RerunReporter;
