import assert from "node:assert/strict";
import { checkSettingNames } from "../../../provider/datadog/http/settingNames";
import { settingNames } from "../../../provider/datadog/http/settingSources";

const KEY = "0123456789abcdef0123456789abcdef";

function refused(config: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const { refused: lines, warnings } = checkSettingNames(config, env);
  assert.ok(![...lines, ...warnings].some((line) => line.includes(KEY)));
  return [...lines.map((line) => `refused: ${line}`), ...warnings];
}

describe("the names of settings in a stack's configuration", () => {
  it("pass where they are ours, or the official provider's, or resemble neither", () => {
    const ours = settingNames.map((name) => `datadog:${name}`);
    const official = [
      "validate",
      "defaultTags",
      "awsAccessKeyId",
      "cloudProviderType",
      "cloudProviderRegion",
    ];
    const others = ["orgUuid", "awsSecretAccessKey", "awsSessionToken", "someNewOne"];
    const foreign = ["aws:region", "project:site", "project:apikey", "pulumi:tags"];
    const all = [...ours, ...[...official, ...others].map((name) => `datadog:${name}`), ...foreign];
    assert.deepEqual(refused(Object.fromEntries(all.map((name) => [name, KEY]))), []);
  });

  for (const [written, meant] of [
    ["sites", "site"],
    ["Site", "site"],
    ["appkey", "appKey"],
    ["api_key", "apiKey"],
    ["applicationKey", "appKey"],
    ["apiurl", "apiUrl"],
    ["host", "apiUrl"],
    ["previewLookup", "previewLookups"],
    ["httpClientRetryMaxRetry", "httpClientRetryMaxRetries"],
  ] as const) {
    it(`datadog:${written} is refused, and datadog:${meant} suggested, without the value`, () => {
      const secret = meant.endsWith("Key") ? "--secret " : "";
      assert.deepEqual(refused({ [`datadog:${written}`]: KEY }), [
        `refused: datadog:${written} is not a setting: did you mean datadog:${meant}? ` +
          `Run \`pulumi config rm datadog:${written}\`, and \`pulumi config set ${secret}datadog:${meant}\``,
      ]);
    });
  }

  it("of the plugin that say where the keys go are refused, unless something else says it", () => {
    const [line = "", ...more] = refused({ "datadog-findings:site": "datadoghq.eu" });
    assert.deepEqual(more, []);
    assert.match(
      line,
      /^refused: datadog-findings:site is read by the plugin only; .* read datadog:site or DD_SITE, and neither is set/,
    );
    assert.equal(refused({ "datadog-findings:sites": "datadoghq.eu" }).length, 1);
    for (const variable of ["DD_SITE", "DATADOG_SITE", "DD_HOST"])
      assert.deepEqual(refused({ "datadog-findings:site": "datadoghq.eu" }, { [variable]: "us5" }), []);
    assert.deepEqual(refused({ "datadog-findings:site": "datadoghq.eu", "datadog:apiUrl": "https://a" }), []);
  });

  it("of the plugin are a warning elsewhere, unless ours are set, too", () => {
    assert.deepEqual(refused({ "datadog-findings:appKey": KEY }), [
      "datadog-findings:appKey is read by the plugin only, so it has no effect on the resources of the npm package; " +
        "run `pulumi config set --secret datadog:appKey`",
    ]);
    assert.deepEqual(refused({ "datadog-findings:appKey": KEY, "datadog:appKey": KEY }), []);
    assert.deepEqual(refused({ "datadog-findings:appKey": KEY }, { DD_APP_KEY: KEY }), []);
  });
});
