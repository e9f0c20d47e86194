const { availableParallelism } = require("node:os");

module.exports = {
  "node-option": ["import=tsx"],
  require: ["test/support/announceEngines.ts"],
  reporter: "test/support/rerunReporter.ts",
  // a file to a process: most of the time goes into the processes of deployments
  parallel: true,
  jobs: availableParallelism() + 1,
  timeout: 180_000,
  "forbid-only": true,
};
