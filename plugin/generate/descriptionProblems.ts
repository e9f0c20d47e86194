type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Names of a program in TypeScript, for what other languages have other words for. */
const WORDS_OF_TYPESCRIPT = /\b(?:undefined|null)\b/;

/** What is wrong with the descriptions of a schema: every property has one, whole, and in words of every language. */
export function descriptionProblems(schema: Json, path = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap((each: Json) => descriptionProblems(each, path));
  return Object.entries(schema).flatMap(([name, value]) => {
    const at = `${path}/${name}`;
    const isProperty = /\/(?:inputP|p)roperties$/.test(path);
    return [...(isProperty ? problemsOf(value, at) : []), ...descriptionProblems(value, at)];
  });
}

function problemsOf(property: Json, at: string): string[] {
  const described = typeof property === "object" && property !== null && "description" in property;
  const text = described ? String(property.description) : "";
  if (text === "") return [`${at} has no description`];
  if (text.split("`").length % 2 === 0) return [`${at} is cut inside of a code, as by an @: ${text}`];
  const [word] = WORDS_OF_TYPESCRIPT.exec(text) ?? [];
  return word === undefined ? [] : [`${at} says ${word}, a word of TypeScript`];
}
