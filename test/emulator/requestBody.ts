import { z } from "zod";
import { ApiError } from "./apiErrors";

const NO_DATA = 'document is missing required top-level members; must have one of: "data", "meta", "errors"';

const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, "must be a UUID");

const assignBody = z.object({
  data: z.object({
    type: z.literal("assignee"),
    id: z.string().optional(),
    attributes: z.object({ assignee_id: uuid.nullish() }),
    relationships: z.object({
      findings: z.object({
        data: z
          .array(z.object({ id: z.string().min(1), type: z.literal("findings") }))
          .min(1, "no finding provided")
          .max(100, "too many findings provided, the limit is 100"),
      }),
    }),
  }),
});

const searchBody = z.object({
  data: z.object({
    attributes: z
      .object({
        filter: z.string().optional(),
        page: z.object({ limit: z.number().int().optional(), cursor: z.string().optional() }).optional(),
        sort: z.string().optional(),
      })
      .optional(),
  }),
});

export type AssignBody = z.infer<typeof assignBody>["data"];
export type SearchBody = z.infer<typeof searchBody>["data"];

export function parseAssignBody(text: string): AssignBody {
  return parse(text, assignBody).data;
}

export function parseSearchBody(text: string): SearchBody {
  return parse(text, searchBody).data;
}

/** For the log alone: what could be made out of a PATCH, whether it is valid or not. */
export function assignmentOf(text: string): AssignBody | undefined {
  try {
    return parseAssignBody(text);
  } catch {
    return undefined;
  }
}

function parse<T>(text: string, schema: z.ZodType<T>): T {
  const document = parseJson(text);
  if (typeof document !== "object" || document === null || !("data" in document))
    throw new ApiError(400, NO_DATA);
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const message = issue?.message ?? "invalid document";
  const plain = message === "no finding provided" || message.startsWith("too many findings");
  throw new ApiError(400, plain ? message : `${issue?.path.join(".") ?? ""}: ${message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "document is not valid JSON");
  }
}
