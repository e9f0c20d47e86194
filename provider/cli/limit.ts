import { UsageError } from "./command";

/** The value of `--limit`. @throws UsageError */
export function limitOf(text: string, command: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UsageError(`--limit is ${text}: a whole number of findings is needed, 1 or more`, command);
}
