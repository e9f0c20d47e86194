import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { bundledScript } from "../../support/bundledScript";
import { fixture, type LocalProxy, type LocalServer, startProxy, startServer } from "./localServer";

interface Run {
  readonly exitCode: number | string | undefined;
  readonly output: string;
}

/** Runs the client with nothing in its environment but what is given. */
function runClient(env: Readonly<Record<string, string>>): Promise<Run> {
  const keys = { DD_API_KEY: "api-key-of-child", DD_APP_KEY: "app-key-of-child" };
  const once = { DD_HTTP_CLIENT_RETRY_ENABLED: "false" };
  const args = [bundledScript(join(__dirname, "childClient.ts"))];
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...keys, ...once, ...env } };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? (error.code ?? "signal") : 0, output: `${stdout}${stderr}` });
    });
  });
}

const users = JSON.stringify({ data: [{ id: "u1", attributes: { email: "ada@example.com" } }] });
const trusting = { NODE_EXTRA_CA_CERTS: fixture("testCa.pem") };

describe("proxies and certificate authorities as users expect", function () {
  this.timeout(60_000);
  let datadog: LocalServer;
  let proxy: LocalProxy;

  beforeEach(async () => {
    datadog = await startServer((_, response) => response.end(users), true);
    proxy = await startProxy(datadog.port);
  });

  afterEach(async () => {
    await proxy.close();
    await datadog.close();
  });

  it("custom CAs through Node's own variable NODE_EXTRA_CA_CERTS", async () => {
    const DD_HOST = `https://localhost:${datadog.port}`;
    assert.deepEqual(await runClient({ DD_HOST, ...trusting }), { exitCode: 0, output: "found 1" });
    assert.equal(datadog.received[0]?.headers["dd-api-key"], "api-key-of-child");
  });

  it("without it the certificate is refused, no key is sent, and the message names the variable", async () => {
    const { exitCode, output } = await runClient({ DD_HOST: `https://localhost:${datadog.port}` });
    assert.equal(exitCode, 1);
    assert.match(output, /UNABLE_TO_VERIFY_LEAF_SIGNATURE.*NODE_EXTRA_CA_CERTS/);
    assert.equal(datadog.received.length, 0);
  });

  for (const variable of ["HTTPS_PROXY", "https_proxy"]) {
    it(`${variable}: everything goes through a tunnel, and the proxy sees no key`, async () => {
      const run = await runClient({ ...trusting, [variable]: `http://127.0.0.1:${proxy.port}` });
      assert.deepEqual(run, { exitCode: 0, output: "found 1" });
      assert.deepEqual(proxy.tunnels, ["api.datadoghq.com:443"]);
      assert.doesNotMatch(JSON.stringify(proxy.headers), /-key-of-child|dd-api|dd-app/i);
      assert.equal(datadog.received[0]?.headers["dd-application-key"], "app-key-of-child");
    });
  }

  it("a proxy's user and password go to the proxy, and to nobody else", async () => {
    await runClient({ ...trusting, HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}` });
    const basic = `Basic ${Buffer.from("me:s3cret").toString("base64")}`;
    assert.equal(proxy.headers[0]?.["proxy-authorization"], basic);
    assert.equal(datadog.received[0]?.headers["proxy-authorization"], undefined);
  });

  for (const noProxy of ["ddog-gov.com,datadoghq.test", "*"]) {
    it(`NO_PROXY=${noProxy}: such a host is reached without the proxy`, async () => {
      const run = await runClient({
        ...trusting,
        // No such name is ever resolved: asking for it directly fails, through the proxy it would not.
        DD_HOST: "https://api.datadoghq.test",
        HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
        NO_PROXY: noProxy,
      });
      assert.match(run.output, /\((ENOTFOUND|EAI_AGAIN)\)/);
      assert.deepEqual(proxy.tunnels, []);
    });
  }

  it("NO_PROXY for another host changes nothing", async () => {
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    await runClient({ ...trusting, HTTPS_PROXY, NO_PROXY: "example.com,hq.com" });
    assert.deepEqual(proxy.tunnels, ["api.datadoghq.com:443"]);
  });

  it("loopback goes direct always: 127.0.0.0/8 and localhost", async () => {
    const plain = await startServer((_, response) => response.end(users));
    try {
      for (const host of ["127.0.0.1", "localhost"]) {
        const proxies = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
        const run = await runClient({ ...proxies, DD_HOST: `http://${host}:${plain.port}` });
        assert.deepEqual(run, { exitCode: 0, output: "found 1" });
      }
      // Nobody listens there: what matters is that the proxy is not asked.
      await runClient({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, DD_HOST: "http://127.9.9.9:1" });
      assert.deepEqual(proxy.tunnels, []);
    } finally {
      await plain.close();
    }
  });

  it("a proxy that cannot be reached, or is no URL, is an error that says so", async () => {
    const unreachable = await runClient({ HTTPS_PROXY: "http://127.0.0.1:1" });
    assert.match(
      unreachable.output,
      /no answer from https:\/\/api\.datadoghq\.com .*\(ECONNREFUSED\).*HTTPS_PROXY/,
    );
    const noUrl = await runClient({ HTTPS_PROXY: "me:s3cret@proxy.example" });
    assert.match(noUrl.output, /^ConfigurationError: HTTPS_PROXY is .*http:\/\/proxy\.example:3128/);
    assert.doesNotMatch(noUrl.output, /s3cret/);
  });
});
