import type { Answer, SeededRandom } from "../emulator";
import { mutatedJson } from "./mutatedJson";

const POLLUTION: unknown = JSON.parse(
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
);

const values: readonly unknown[] = [
  ...[undefined, null, "", 0, -1, 1e308, true, [], {}, "double", "__proto__", "constructor", POLLUTION],
  "\u001b[2J\n::add-mask::\u202e",
  "9999-12-31T23:59:59Z",
];

const headers: Readonly<Record<string, readonly string[]>> = {
  date: ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "", "-1"],
  "retry-after": ["86400", "1e99", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "NaN"],
  "x-ratelimit-limit": ["10", "0", "-1", "1e308", "many"],
  "x-ratelimit-period": ["10", "0", "86400", "999999999999999999999999", ""],
  "x-ratelimit-remaining": ["0", "1", "-1", "many", "9".repeat(400)],
  "x-ratelimit-reset": ["0", "1", "86400", "999999999999", "__proto__"],
  "x-ratelimit-name": ["one", "", "__proto__", "x".repeat(10_000)],
};

/**
 * What a broken or hostile gateway makes of a right answer: other headers, and another value, or another
 * text, in its body.
 */
export function hostileAnswer(random: SeededRandom): (answer: Answer) => Answer {
  return (answer) => ({
    ...answer,
    headers: { ...answer.headers, ...someHeaders(random) },
    body: bodyOf(answer, random),
  });
}

function someHeaders(random: SeededRandom): Record<string, string> {
  const chosen = Object.entries(headers).filter(() => random.next() < 0.3);
  return Object.fromEntries(chosen.map(([name, texts]) => [name, random.pick(texts)]));
}

function bodyOf({ body }: Answer, random: SeededRandom): Answer["body"] {
  const dice = random.next();
  if (typeof body !== "string" || dice < 0.3) return body;
  if (dice < 0.4) return random.pick(["", "{}", "[]", "null", "<html>", `${"[".repeat(10_000)}`]);
  return mutatedJson(JSON.parse(body), random.integer(10_000), random.pick(values)) ?? "";
}
