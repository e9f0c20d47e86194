import { ApiError } from "../apiErrors";

const MAX_PAGE_SIZE = 100;

export interface PageParameters {
  /** `page[size]`; at most 100. */
  readonly size: number | undefined;
  /** `page[number]`, from 0. */
  readonly number: number | undefined;
  /** Path and query of the request, which the answer repeats. */
  readonly path: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly meta: object;
  readonly links: object;
}

/**
 * A page of a list of teams or members. Without parameters it is the first hundred, described by offset and
 * limit, as recorded; the way on is then by `page[number]` all the same.
 */
export function pageOf<T>(all: readonly T[], { size, number, path }: PageParameters): Page<T> {
  const self = `https://api.datadoghq.com${path}`;
  const base = self.replace(/\?.*$/, "");
  const total = all.length;
  if (size === undefined && number === undefined) {
    const limit = MAX_PAGE_SIZE;
    const at = (offset: number) => `${base}?page[offset]=${offset}&page[limit]=${limit}`;
    const offsets = { offset: 0, first_offset: 0, prev_offset: 0, next_offset: limit, last_offset: 0 };
    return {
      items: all.slice(0, limit),
      meta: { pagination: { ...offsets, limit, type: "offset_limit", total } },
      links: { self, last: null, next: at(limit), prev: null, first: at(0) },
    };
  }
  const checkedSize = wholeNumber("page[size]", size ?? 10, 1, MAX_PAGE_SIZE);
  const current = wholeNumber("page[number]", number ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const last = Math.max(0, Math.ceil(total / checkedSize) - 1);
  const previous = Math.max(0, current - 1);
  const at = (page: number) => `${base}?page[number]=${page}&page[size]=${checkedSize}`;
  return {
    items: all.slice(current * checkedSize, (current + 1) * checkedSize),
    meta: {
      pagination: {
        number: current,
        first_number: 0,
        prev_number: previous,
        next_number: current + 1,
        last_number: last,
        size: checkedSize,
        type: "number_size",
        total,
      },
    },
    links: {
      self,
      last: at(last),
      next: at(current + 1),
      prev: current === 0 ? null : at(previous),
      first: at(0),
    },
  };
}

function wholeNumber(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new ApiError(400, `${name} must be between ${low} and ${high}`);
}
