const { availableParallelism } = require("node:os");

module.exports = {
  "node-option": ["import=tsx"],
  require: ["test/support/announceEngines.ts"],
  reporter: "test/support/rerunReporter.ts",
  // a file to a process; what they start works while they wait
  parallel: true,
  jobs: availableParallelism(),
  timeout: 180_000,
  "forbid-only": true,
};
