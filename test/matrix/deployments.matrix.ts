// Before they are loaded: they ask for it as they declare their tests.
process.env.TEST_MATRIX = "1";
require("../deployment/package.test");
require("../deployment/serializedProvider.test");
require("../deployment/large.test");
require("../bench/bench.test");
require("../unit/examples/sdkCompiler.test");
