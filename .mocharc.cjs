const { availableParallelism } = require("node:os");

module.exports = {
  // the young generation of the random histories fits into 64 MB: collected less often, some 5 % of their CPU
  "node-option": ["require=./test/support/transpile.cjs", "max-semi-space-size=64"],
  require: ["test/support/announceEngines.ts"],
  reporter: "test/support/rerunReporter.ts",
  // a file to a process; what they start works while they wait
  parallel: true,
  jobs: availableParallelism(),
  timeout: 180_000,
  "forbid-only": true,
};
