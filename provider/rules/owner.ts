import { isUuid } from "../core/claims";

/** Whom a rule names as the owner of its findings. */
export type Owner =
  /** A user by UUID (in lower case), e-mail or handle. */
  | { readonly kind: "user"; readonly user: string }
  /** The active members of a Datadog team, by the team's handle in lower case. */
  | { readonly kind: "team"; readonly handle: string }
  /** Who is on call for a Datadog team, by the team's handle in lower case. */
  | { readonly kind: "onCall"; readonly handle: string }
  /** The findings are left alone, whoever owns them. */
  | { readonly kind: "nobody" };

/** How a rule writes "leave these findings alone". */
export const NOBODY = "none";

const TEAM = /^(team|on-call):(.+)$/s;

/** Reads an owner that `ownerProblem` finds nothing wrong with. */
export function parseOwner(text: string): Owner {
  if (text === NOBODY) return { kind: "nobody" };
  const [, kind, handle] = TEAM.exec(text) ?? [];
  if (handle !== undefined) {
    return { kind: kind === "team" ? "team" : "onCall", handle: handle.toLowerCase() };
  }
  return { kind: "user", user: isUuid(text) ? text.toLowerCase() : text };
}

/** The text that means the same owner for everybody who compares it: names are the same in capitals. */
export function ownerKey(owner: Owner): string {
  switch (owner.kind) {
    case "user":
      return owner.user.toLowerCase();
    case "team":
      return `team:${owner.handle}`;
    case "onCall":
      return `on-call:${owner.handle}`;
    case "nobody":
      return NOBODY;
  }
}
