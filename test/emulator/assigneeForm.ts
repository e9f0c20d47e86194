import type { EmulatedAssignee } from "./findingModel";

/** `garbage` is a text that is no time. An object stands for any other value. */
export type UpdatedAtForm =
  | "ms"
  | "seconds"
  | "iso"
  | "zero"
  | "absent"
  | "garbage"
  | { readonly value: unknown };

/**
 * `no-triage`: no `triage` at all; `absent`: `triage: {}`; `null`: `assignee: null`; `without-id`: an
 * assignee without `id`; `null-id`: an assignee whose `id` is null.
 */
export type NobodyForm = "no-triage" | "absent" | "null" | "without-id" | "null-id";

/** What stands under `workflow` for the assignee. */
export function triageDocument(
  assignee: EmulatedAssignee | null,
  updatedAtForm: UpdatedAtForm,
  nobodyForm: NobodyForm,
): object {
  if (assignee === null) return nobody(nobodyForm);
  const { id, name, updatedAt, updatedBy, updatedByName } = assignee;
  const time = updatedAtDocument(updatedAt, updatedAtForm);
  return {
    triage: { assignee: { id, name, ...time, updated_by: { id: updatedBy, name: updatedByName ?? "" } } },
  };
}

function nobody(form: NobodyForm): object {
  switch (form) {
    case "no-triage":
      return {};
    case "absent":
      return { triage: {} };
    case "null":
      return { triage: { assignee: null } };
    case "without-id":
      return { triage: { assignee: {} } };
    case "null-id":
      return { triage: { assignee: { id: null, name: null, updated_at: null } } };
  }
}

function updatedAtDocument(ms: number, form: UpdatedAtForm): { readonly updated_at?: unknown } {
  if (typeof form === "object") return { updated_at: form.value };
  switch (form) {
    case "ms":
      return { updated_at: ms };
    case "seconds":
      return { updated_at: Math.floor(ms / 1_000) };
    case "iso":
      return { updated_at: new Date(ms).toISOString() };
    case "zero":
      return { updated_at: 0 };
    case "absent":
      return {};
    case "garbage":
      return { updated_at: "yesterday" };
  }
}
