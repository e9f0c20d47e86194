import { z } from "zod";
import { plainText } from "../model/plainText";

const told = z.string().transform(plainText);

/** Both shapes of errors: the reference's list of strings, and the list of objects that recordings show. */
export const apiErrors = z.object({
  errors: z.array(
    z.union([
      told.transform((detail) => ({ title: "", detail })),
      z.object({ title: told.catch(""), detail: told.catch("") }),
    ]),
  ),
});
