require("pulumi-datadog-findings/plugin").runPlugin(process.argv.slice(2).at(-1));
