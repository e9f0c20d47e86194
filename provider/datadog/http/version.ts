import { z } from "zod";

/** Version of this package, which finds itself by its own name, wherever its code was bundled to. */
export const version: string = z
  .object({ version: z.string() })
  .parse(require("pulumi-datadog-findings/package.json")).version;
