import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Readable, Writable } from "node:stream";

type Params = Readonly<Record<string, unknown>>;
type Reply = Readonly<Record<string, unknown>>;

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The Chromium on PATH; undefined: none is installed. */
export function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** One that lacks a library, as after an installation that broke off, is none. */
function isProgram(path: string): boolean {
  return (
    existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0
  );
}

/** One page of a headless Chromium, driven over a pipe by the DevTools protocol. */
export class ChromiumPage {
  readonly #process: ChildProcess;
  readonly #input: Writable;
  readonly #profile: string;
  readonly #pending = new Map<number, Pending>();
  /** Addresses that the page has asked for. */
  readonly requested: string[] = [];
  #unread = "";
  #lastId = 0;
  #sessionId: string | undefined;

  private constructor(program: string) {
    this.#profile = mkdtempSync(join(tmpdir(), "chromium-"));
    const args = [
      "--headless=new",
      "--remote-debugging-pipe",
      `--user-data-dir=${this.#profile}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--hide-scrollbars",
      "about:blank",
    ];
    this.#process = spawn(program, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const [, , , input, output] = this.#process.stdio;
    assert.ok(input instanceof Writable && output instanceof Readable);
    this.#input = input;
    output.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#process.on("exit", () => this.#failAll(new Error("Chromium has ended")));
    this.#process.on("error", (error) => this.#failAll(error));
    this.#input.on("error", (error) => this.#failAll(error));
  }

  /** @throws Error where it does not start, as on a machine that does not let it */
  static async open(program: string): Promise<ChromiumPage> {
    const page = new ChromiumPage(program);
    const late = setTimeout(() => page.#process.kill("SIGKILL"), 40_000);
    try {
      const { targetId } = await page.send("Target.createTarget", { url: "about:blank" });
      const { sessionId } = await page.send("Target.attachToTarget", { targetId, flatten: true });
      page.#sessionId = String(sessionId);
      for (const domain of ["Page", "Runtime", "Network"]) await page.send(`${domain}.enable`);
    } finally {
      clearTimeout(late);
    }
    return page;
  }

  send(method: string, params: Params = {}): Promise<Reply> {
    const id = ++this.#lastId;
    const message = { id, method, params, ...(this.#sessionId && { sessionId: this.#sessionId }) };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify(message)}\0`);
    });
  }

  /** Shows a page as a file has it, and waits until it is there. */
  async goto(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    await this.evaluate(
      "document.readyState === 'complete' || new Promise((done) => addEventListener('load', done))",
    );
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", params);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return Reflect.get(Object(result), "value");
  }

  /** How wide the window is, and which colours the reader prefers. */
  async look(width: number, scheme: "light" | "dark", media: "screen" | "print" = "screen"): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { media, features });
  }

  async press(key: "Tab" | "Enter"): Promise<void> {
    const code = key === "Tab" ? 9 : 13;
    const event = { key, code: key, windowsVirtualKeyCode: code, ...(key === "Enter" && { text: "\r" }) };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** A picture of the whole page, as PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.send("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: true,
    });
    return Buffer.from(String(data), "base64");
  }

  /** The page as it is printed on A4, as PDF. */
  async print(): Promise<Buffer> {
    const { data } = await this.send("Page.printToPDF", { paperWidth: 8.27, paperHeight: 11.69 });
    return Buffer.from(String(data), "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #read(text: string): void {
    const messages = (this.#unread + text).split("\0");
    this.#unread = messages.pop() ?? "";
    for (const message of messages) this.#receive(JSON.parse(message));
  }

  #receive({ id, result, error, method, params }: Reply): void {
    if (method === "Network.requestWillBeSent") {
      this.requested.push(String(Reflect.get(Object(Reflect.get(Object(params), "request")), "url")));
    }
    const pending = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (!pending) return;
    this.#pending.delete(Number(id));
    if (error === undefined) pending.resolve(Object(result));
    else pending.reject(new Error(JSON.stringify(error)));
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
