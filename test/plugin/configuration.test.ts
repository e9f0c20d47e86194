import assert from "node:assert/strict";
import { type FindOrganisation, withCurrentKeys } from "../../provider/plugin/currentKeys";
import { diffConfiguration } from "../../provider/plugin/diffConfiguration";
import { checkConfiguration, withOrigin } from "../../provider/plugin/pluginConfiguration";
import { configure, identity, type OpenPlugin, openPlugin, secret } from "./openPlugin";

const PROVIDER = "pulumi:providers:datadog-findings";
const nobody: FindOrganisation = async () => assert.fail("nobody is asked");

/** Keys whose value begins with the organisation's name; those of "revoked" tell nothing. */
const byKey: FindOrganisation = async ({ apiKey }) => {
  const [organisation] = String(apiKey).split("-");
  return organisation === "revoked" ? undefined : organisation;
};

describe("the plugin's configuration", () => {
  it("is checked at once: every wrong value, and what was probably meant", () => {
    const failures = checkConfiguration({
      site: "datadoghq.de",
      apiUrl: "http://example.com",
      httpClientRetryMaxRetries: "1.5",
      httpClientRetryEnabled: "perhaps",
      apikey: "x",
    });
    const told = new Map(failures.map(({ property, reason }) => [property, reason]));
    const wrong = ["apikey", "apiUrl", "httpClientRetryEnabled", "httpClientRetryMaxRetries", "site"];
    assert.deepEqual([...told.keys()].sort(), [...wrong].sort());
    assert.match(told.get("site") ?? "", /did you mean datadoghq/);
    assert.match(told.get("apikey") ?? "", /did you mean apiKey\?/);
  });

  it("is right where nothing is said, and where something is not known yet", () => {
    assert.deepEqual(checkConfiguration({}), []);
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(checkConfiguration({ site: unknown, apiKey: unknown, version: "0.1.0" }), []);
  });

  it("names no property of a key that is wrong, and not the key: a program may have it in plain text", () => {
    const [failure, ...others] = checkConfiguration({ apiKey: "my key with spaces", site: "datadoghq.eu" });
    assert.deepEqual(others, []);
    assert.equal(failure?.property, "");
    assert.match(failure?.reason ?? "", /apiKey/);
    assert.doesNotMatch(failure?.reason ?? "", /spaces/);
  });

  it("says in the state which API it speaks to, where only the environment says so", () => {
    assert.deepEqual(withOrigin({}, {}), { site: "datadoghq.com" });
    assert.deepEqual(withOrigin({ apiKey: "k" }, { DD_SITE: "datadoghq.eu" }), {
      apiKey: "k",
      site: "datadoghq.eu",
    });
    assert.deepEqual(withOrigin({}, { DD_HOST: "http://127.0.0.1:9" }), { apiUrl: "http://127.0.0.1:9" });
    assert.deepEqual(withOrigin({ site: "datadoghq.eu" }, { DD_HOST: "http://127.0.0.1:9" }), {
      site: "datadoghq.eu",
    });
  });

  const replaces = async (olds: Record<string, string>, news: Record<string, string>, find = nobody) =>
    (await diffConfiguration(olds, news, {}, find)).replaces;

  it("makes everything anew for another site, and not for another name of the same; nobody is asked", async () => {
    const eu = { site: "datadoghq.eu" };
    assert.deepEqual(await replaces(eu, { site: "datadoghq.com" }), ["site"]);
    assert.deepEqual(await replaces(eu, { apiUrl: "https://api.us5.datadoghq.com" }), ["site", "apiUrl"]);
    assert.deepEqual(await replaces(eu, { apiUrl: "https://api.datadoghq.eu/" }), []);
  });

  it("makes everything anew for the URL of another organisation, and not where it is the same, or nobody says", async () => {
    const proxies = { one: "https://one.example.com", two: "https://two.example.com" };
    const byUrl: FindOrganisation = async ({ apiUrl, site }) => {
      if (apiUrl === "https://mute.example.com") return undefined;
      return apiUrl === proxies.two || site === "datadoghq.com" ? "two" : "one";
    };
    const eu = { site: "datadoghq.eu" };
    assert.deepEqual(await replaces(eu, { apiUrl: proxies.one }, byUrl), []);
    assert.deepEqual(await replaces({ apiUrl: proxies.one }, eu, byUrl), []);
    assert.deepEqual(await replaces(eu, { apiUrl: proxies.two }, byUrl), ["site", "apiUrl"]);
    assert.deepEqual(await replaces({ apiUrl: proxies.one }, { apiUrl: proxies.two }, byUrl), ["apiUrl"]);
    assert.deepEqual(await replaces({ apiUrl: proxies.one }, { site: "datadoghq.com" }, byUrl), [
      "site",
      "apiUrl",
    ]);
    assert.deepEqual(await replaces(eu, { apiUrl: "https://mute.example.com" }, byUrl), []);
  });

  it("makes nothing anew where the engine asks with nothing, as for an alias of the dynamic provider's type", async () => {
    const news = { site: "datadoghq.eu", apiKey: "one-key" };
    const { changed, replaces: none } = await diffConfiguration({}, news, {}, nobody);
    assert.deepEqual(none, []);
    assert.deepEqual(Object.fromEntries(changed), { apiKey: "ADD", site: "ADD" });
  });

  it("makes everything anew for another organisation, and nothing for a renewed or revoked key", async () => {
    const of = (apiKey: string) => ({ site: "datadoghq.eu", apiKey, appKey: "app" });
    assert.deepEqual(await replaces(of("one-a"), of("one-b"), byKey), []);
    assert.deepEqual(await replaces(of("one-a"), of("two-a"), byKey), ["apiKey"]);
    assert.deepEqual(await replaces(of("revoked-a"), of("one-b"), byKey), []);
    assert.deepEqual(await replaces(of("one-a"), of("one-a"), nobody), []);
  });

  const current = (configuration: Record<string, string>) => ({
    PULUMI_CONFIG: JSON.stringify(configuration),
  });
  const stored = { site: "datadoghq.eu", apiKey: "revoked-a", appKey: "app-a" };
  const renewed = { site: "datadoghq.eu", apiKey: "one-b", appKey: "app-b" };

  it("takes the stack's keys of today for the default provider, in every language's name for it", async () => {
    for (const name of ["default", "default_0_1_0"]) {
      assert.deepEqual(await withCurrentKeys(stored, name, current(renewed), byKey), renewed);
    }
  });

  it("leaves an explicit provider, and one of another site or organisation, the keys that it has", async () => {
    assert.equal(await withCurrentKeys(stored, "east", current(renewed), nobody), stored);
    const elsewhere = current({ ...renewed, site: "datadoghq.com" });
    assert.equal(await withCurrentKeys(stored, "default", elsewhere, nobody), stored);
    const other = { ...stored, apiKey: "two-a" };
    assert.equal(await withCurrentKeys(other, "default", current(renewed), byKey), other);
    assert.equal(await withCurrentKeys(renewed, "default", current(renewed), nobody), renewed);
  });

  it("takes keys from the environment where the stack has none any more, and none where there are none", async () => {
    const { PULUMI_CONFIG } = current({ site: "datadoghq.eu" });
    const env = { PULUMI_CONFIG, DD_API_KEY: "one-env", DD_APP_KEY: "app" };
    assert.deepEqual(await withCurrentKeys(stored, "default", env, byKey), { site: "datadoghq.eu" });
    assert.equal(await withCurrentKeys(stored, "default", { PULUMI_CONFIG }, nobody), stored);
  });

  describe("over the protocol", () => {
    let plugin: OpenPlugin;
    beforeEach(async () => {
      plugin = await openPlugin();
    });
    afterEach(() => plugin.close());

    it("marks keys as secrets even where a program passed plain text", async () => {
      const news = { apiKey: "k".repeat(32), appKey: "a".repeat(40), site: "datadoghq.eu" };
      const answer = await plugin.engine.call("checkConfig", {
        ...identity("east", PROVIDER),
        olds: {},
        news,
      });
      const sealed = { ...news, apiKey: secret(news.apiKey), appKey: secret(news.appKey) };
      assert.deepEqual(answer, { inputs: sealed });
    });

    it("names settings as `pulumi config set` takes them", async () => {
      const news = { site: "nowhere", apiKey: "two words" };
      const { failures } = await plugin.engine.call("checkConfig", {
        ...identity("east", PROVIDER),
        olds: {},
        news,
      });
      const reasons = (failures as { reason: string }[]).map(({ reason }) => reason);
      assert.equal(reasons.length, 2);
      for (const reason of reasons) assert.match(reason, /^datadog-findings:(site|apiKey) is/);
    });

    it("is refused where the state has a value that cannot be used", async () => {
      await assert.rejects(configure(plugin, { site: "nowhere" }), /datadog-findings:site is "nowhere"/);
    });
  });
});
