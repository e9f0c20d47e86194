import type { Fault } from "../emulator";

interface SearchBody {
  readonly data: readonly object[];
  readonly meta: object;
}

/** All answers to searches say something else. */
export function searchAnswers(change: (body: SearchBody) => object): Fault {
  return {
    kind: "tamper",
    times: Number.POSITIVE_INFINITY,
    match: { family: "search" },
    change: (answer) => {
      const body: SearchBody = JSON.parse(String(answer.body));
      return { ...answer, body: JSON.stringify(change(body)) };
    },
  };
}

/** The first finding of an answer in a shape that nobody knows. */
export const withFirstUnreadable = ({ data, ...rest }: SearchBody): object => ({
  ...rest,
  data: data.map((finding, index) => (index === 0 ? { ...finding, attributes: { tags: [] } } : finding)),
});
