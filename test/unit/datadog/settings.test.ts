import assert from "node:assert/strict";
import { ConfigurationError, MissingCredentialsError } from "../../../provider/datadog/errors";
import { type DatadogSettings, readSettings } from "../../../provider/datadog/http/settings";
import { sites } from "../../../provider/datadog/http/sites";

type Values = Readonly<Record<string, unknown>>;

function settings(config: Values = {}, env: Readonly<Record<string, string>> = {}): DatadogSettings {
  return readSettings({ get: (key) => config[key] }, env);
}

function refusal(config: Values, env: Readonly<Record<string, string>> = {}): ConfigurationError {
  try {
    settings(config, env);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  assert.fail("nothing was refused");
}

const keys = { "datadog:apiKey": "config-api-key", "datadog:appKey": "config-app-key" };

describe("sites", () => {
  const bases: Readonly<Record<string, string>> = {
    "datadoghq.com": "https://api.datadoghq.com",
    "us3.datadoghq.com": "https://api.us3.datadoghq.com",
    "us5.datadoghq.com": "https://api.us5.datadoghq.com",
    "ap1.datadoghq.com": "https://api.ap1.datadoghq.com",
    "ap2.datadoghq.com": "https://api.ap2.datadoghq.com",
    "uk1.datadoghq.com": "https://api.uk1.datadoghq.com",
    "datadoghq.eu": "https://api.datadoghq.eu",
    "ddog-gov.com": "https://api.ddog-gov.com",
    "us2.ddog-gov.com": "https://api.us2.ddog-gov.com",
  };

  it("are all those that Datadog lists, and datadoghq.com without a setting", () => {
    assert.deepEqual([...sites].sort(), Object.keys(bases).sort());
    assert.equal(settings().baseUrl, "https://api.datadoghq.com");
  });

  for (const [site, base] of Object.entries(bases)) {
    it(`${site} is reached by datadog:site and by DD_SITE`, () => {
      assert.equal(settings({ "datadog:site": site }).baseUrl, base);
      assert.equal(settings({}, { DD_SITE: site }).baseUrl, base);
      assert.equal(settings({}, { DD_SITE: ` ${site.toUpperCase()} ` }).baseUrl, base);
    });
  }

  it("unknown: an error that lists the sites and the nearest one, under the name of the setting", () => {
    const inConfig = refusal({ "datadog:site": "datadog.eu" });
    assert.match(inConfig.message, /^datadog:site is "datadog.eu": .*did you mean datadoghq.eu\?/);
    for (const site of sites) assert.ok(inConfig.message.includes(site), site);
    assert.match(refusal({}, { DD_SITE: "us7.datadoghq.com" }).message, /^DD_SITE is "us7.datadoghq.com": /);
  });

  it("as the address of a page or of the API: an error that names the site in it", () => {
    for (const [address, site] of [
      ["https://app.datadoghq.eu", "datadoghq.eu"],
      ["https://us5.datadoghq.com/security?query=a", "us5.datadoghq.com"],
      ["api.ddog-gov.com", "ddog-gov.com"],
    ]) {
      const { message } = refusal({}, { DD_SITE: address ?? "" });
      assert.ok(message.includes(`did you mean ${site}?`), message);
    }
  });

  it("are named by the setting that they come from, as keys are", () => {
    assert.equal(settings({}, { DD_SITE: "datadoghq.eu" }).hostSetting, "DD_SITE");
    assert.equal(settings({ "datadog:site": "datadoghq.eu" }, { DD_SITE: "x" }).hostSetting, "datadog:site");
    assert.equal(settings({}, { DATADOG_HOST: "https://one.example" }).hostSetting, "DATADOG_HOST");
    assert.equal(settings().hostSetting, "datadog:site or DD_SITE");
    const broken = settings({ "datadog:appKey": "app" }, { DD_API_KEY: "a b" });
    assert.throws(() => broken.credentials.headers(), { message: /^DD_API_KEY is "\[key\]": / });
  });
});

describe("apiUrl", () => {
  it("is a base URL by datadog:apiUrl, DD_HOST or DATADOG_HOST, without the slash at its end", () => {
    const url = "https://datadog.example.com/gateway";
    assert.equal(settings({ "datadog:apiUrl": `${url}/` }).baseUrl, url);
    assert.equal(settings({}, { DD_HOST: url }).baseUrl, url);
    assert.equal(settings({}, { DATADOG_HOST: `${url}//` }).baseUrl, url);
  });

  it("must be https, except for loopback", () => {
    for (const host of ["localhost", "127.0.0.1", "127.3.2.1", "[::1]"]) {
      assert.equal(settings({ "datadog:apiUrl": `http://${host}:8126` }).baseUrl, `http://${host}:8126`);
    }
    for (const url of [
      "http://api.datadoghq.com",
      "http://127.0.0.1.example.com",
      "http://localhost.example.com",
      "http://10.0.0.1",
      "ftp://localhost",
    ]) {
      assert.match(refusal({ "datadog:apiUrl": url }).message, /must begin with https:\/\//, url);
    }
  });

  it("that is no URL, has a query, a fragment, a user or a password is refused, and shows no password", () => {
    assert.match(
      refusal({ "datadog:apiUrl": "api.datadoghq.eu" }).message,
      /a URL is needed, such as https:/,
    );
    assert.match(refusal({ "datadog:apiUrl": "https://h.example/?a=b" }).message, /query or a fragment/);
    assert.match(refusal({ "datadog:apiUrl": "https://h.example/#a" }).message, /query or a fragment/);
    const withPassword = refusal({}, { DD_HOST: "https://me:s3cret@h.example" });
    assert.match(withPassword.message, /^DD_HOST is "h.example": .*user or a password/);
    assert.doesNotMatch(JSON.stringify(withPassword), /s3cret/);
    for (const url of [
      "htps//me:s3cret@h.example",
      "https:me:s3cret@h example/?x",
      "https://h x/?key=s3cret",
    ]) {
      const noUrl = refusal({ "datadog:apiUrl": url });
      assert.match(noUrl.message, /a URL is needed, such as https:/);
      assert.doesNotMatch(JSON.stringify([noUrl, noUrl.message]), /s3cret/, url);
    }
  });
});

describe("configuration wins over the environment", () => {
  it("for the keys", () => {
    const env = { DD_API_KEY: "env-api-key", DD_APP_KEY: "env-app-key", DATADOG_API_KEY: "env-other-key" };
    assert.deepEqual(settings(keys, env).credentials.headers(), {
      "dd-api-key": "config-api-key",
      "dd-application-key": "config-app-key",
    });
    assert.equal(settings({}, env).credentials.headers()["dd-api-key"], "env-api-key");
    const named = { DATADOG_API_KEY: "env-other-key", DATADOG_APP_KEY: "env-other-app" };
    assert.deepEqual(settings({}, named).credentials.headers(), {
      "dd-api-key": "env-other-key",
      "dd-application-key": "env-other-app",
    });
  });

  it("for site and URL alike: a site of the stack beats the URL of the environment", () => {
    const env = { DD_HOST: "https://env.example", DD_SITE: "us3.datadoghq.com" };
    assert.equal(settings({}, env).baseUrl, "https://env.example");
    assert.equal(settings({ "datadog:site": "datadoghq.eu" }, env).baseUrl, "https://api.datadoghq.eu");
    const both = { "datadog:site": "datadoghq.eu", "datadog:apiUrl": "https://config.example" };
    assert.equal(settings(both, env).baseUrl, "https://config.example");
  });

  it("for the retries; an empty value counts as none", () => {
    const env = { DD_HTTP_CLIENT_RETRY_MAX_RETRIES: "3" };
    assert.equal(settings({ "datadog:httpClientRetryMaxRetries": "5" }, env).retry.maxRetries, 5);
    assert.equal(settings({ "datadog:httpClientRetryMaxRetries": "" }, env).retry.maxRetries, 3);
    assert.equal(settings({ "datadog:httpClientRetryMaxRetries": " " }, env).retry.maxRetries, 3);
  });
});

describe("missing keys", () => {
  it("are no error before the first request", () => {
    assert.equal(settings().credentials.complete, false);
    assert.equal(settings(keys).credentials.complete, true);
  });

  it("are then an error that names the config command and the variable of each that is missing", () => {
    assert.throws(
      () => settings().credentials.headers(),
      (error) => {
        assert.ok(error instanceof MissingCredentialsError);
        assert.deepEqual(error.missing, ["apiKey", "appKey"]);
        assert.match(
          error.message,
          /`pulumi config set --secret datadog:apiKey`, or the variable DD_API_KEY/,
        );
        assert.match(
          error.message,
          /`pulumi config set --secret datadog:appKey`, or the variable DD_APP_KEY/,
        );
        return true;
      },
    );
    assert.throws(
      () => settings({ "datadog:apiKey": "config-api-key" }).credentials.headers(),
      (error) => error instanceof MissingCredentialsError && !error.message.includes("datadog:apiKey"),
    );
  });
});

describe("keys as people paste them", () => {
  it("lose the spaces and line ends around them", () => {
    const { credentials } = settings({}, { DD_API_KEY: " an-api-key\n", DD_APP_KEY: "\tan-app-key\r\n" });
    assert.deepEqual(credentials.headers(), {
      "dd-api-key": "an-api-key",
      "dd-application-key": "an-app-key",
    });
    assert.equal(settings({}, { DD_API_KEY: "\n", DD_APP_KEY: "an-app-key" }).credentials.complete, false);
  });

  it("that no header can hold are refused by name, and not shown", () => {
    for (const key of ["two\nlines", "dots…", "nul\u0000", "ключ"]) {
      const { credentials } = settings({ ...keys, "datadog:appKey": key });
      assert.throws(
        () => credentials.headers(),
        (error) =>
          error instanceof ConfigurationError &&
          error.setting === "datadog:appKey" &&
          !JSON.stringify([error, error.message]).includes(key),
      );
    }
  });
});

describe("retry settings", () => {
  it("have the names of the official provider, in seconds, as text or as numbers", () => {
    const config = {
      "datadog:httpClientRetryEnabled": "false",
      "datadog:httpClientRetryTimeout": "60",
      "datadog:httpClientRetryMaxRetries": 3,
      "datadog:httpClientRetryBackoffBase": "0.5",
      "datadog:httpClientRetryBackoffMultiplier": "3",
    };
    const expected = {
      enabled: false,
      timeoutMs: 60_000,
      maxRetries: 3,
      backoffBaseMs: 500,
      backoffMultiplier: 3,
    };
    assert.deepEqual(settings(config).retry, expected);
    const env = {
      DD_HTTP_CLIENT_RETRY_ENABLED: "false",
      DD_HTTP_CLIENT_RETRY_TIMEOUT: "60",
      DD_HTTP_CLIENT_RETRY_MAX_RETRIES: "3",
      DD_HTTP_CLIENT_RETRY_BACKOFF_BASE: "0.5",
      DD_HTTP_CLIENT_RETRY_BACKOFF_MULTIPLIER: "3",
    };
    assert.deepEqual(settings({}, env).retry, expected);
  });

  it("have the documented defaults", () => {
    assert.deepEqual(settings().retry, {
      enabled: true,
      timeoutMs: 600_000,
      maxRetries: 8,
      backoffBaseMs: 2_000,
      backoffMultiplier: 2,
    });
  });

  const wrong: readonly (readonly [setting: string, value: unknown, needed: string])[] = [
    ["httpClientRetryEnabled", "perhaps", '"true" or "false" is needed'],
    ["httpClientRetryTimeout", "10s", "a number of seconds is needed"],
    ["httpClientRetryTimeout", "-1", "a number of seconds is needed"],
    ["httpClientRetryTimeout", "Infinity", "a number of seconds is needed"],
    ["httpClientRetryMaxRetries", "many", "a whole number of retries is needed"],
    ["httpClientRetryMaxRetries", "2.5", "a whole number of retries is needed"],
    ["httpClientRetryBackoffBase", "NaN", "a number of seconds is needed"],
    ["httpClientRetryBackoffMultiplier", "0.5", "a factor of at least 1 is needed"],
  ];
  for (const [setting, value, needed] of wrong) {
    it(`${setting} of ${JSON.stringify(value)} is refused: ${needed}`, () => {
      assert.equal(
        refusal({ [`datadog:${setting}`]: value }).message,
        `datadog:${setting} is ${JSON.stringify(value)}: ${needed}`,
      );
    });
  }
});
