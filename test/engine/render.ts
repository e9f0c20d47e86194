import type { DeploymentResult, StepKind, StepReport } from "./deployment";
import type { PropertyDiff } from "./propertyDiff";

export interface RenderOptions {
  readonly stack?: string;
  /** ANSI colours. Default: none, as for a pipe. */
  readonly color?: boolean;
  /** How many elements of a changed list are named before the rest is only counted. Default 3. */
  readonly elements?: number;
}

const titles = { preview: "Previewing update", up: "Updating", refresh: "Refreshing", destroy: "Destroying" };
const marks: Record<StepKind, string> = { same: " ", create: "+", update: "~", replace: "+-", delete: "-" };
const colors: Record<StepKind, number> = { same: 0, create: 32, update: 33, replace: 35, delete: 31 };
const doneWords: Record<StepKind, string> = {
  same: "unchanged",
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};
const plannedWords: Record<StepKind, string> = {
  same: "unchanged",
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
};

type Paint = (text: string, code: number) => string;

function renderElements(sign: string, elements: readonly string[], limit: number): string[] {
  const shown = elements.slice(0, limit).map((element) => `        ${sign} ${element}`);
  const rest = elements.length - shown.length;
  return rest > 0 ? [...shown, `        ${sign} ... ${rest} more`] : shown;
}

/** The lines of one changed property: `findingIds: +10 -5` with the first of them, or `old => new`. */
export function renderDiff(diff: PropertyDiff, paint: Paint, limit: number): string[] {
  if ("added" in diff) {
    const counts = [
      diff.added.length > 0 && paint(`+${diff.added.length}`, 32),
      diff.removed.length > 0 && paint(`-${diff.removed.length}`, 31),
    ];
    return [
      `      ${diff.property}: ${counts.filter(Boolean).join(" ") || "reordered"}`,
      ...renderElements("+", diff.added, limit).map((line) => paint(line, 32)),
      ...renderElements("-", diff.removed, limit).map((line) => paint(line, 31)),
    ];
  }
  if (diff.old === undefined) return [paint(`      ${diff.property}: + ${diff.new}`, 32)];
  if (diff.new === undefined) return [paint(`      ${diff.property}: - ${diff.old}`, 31)];
  return [`      ${diff.property}: ${diff.old} => ${diff.new}`];
}

function renderStep(
  step: StepReport,
  width: number,
  preview: boolean,
  paint: Paint,
  limit: number,
): string[] {
  const words = preview ? plannedWords : doneWords;
  const word = step.failed ? paint("failed", 31) : words[step.kind];
  const line = `  ${marks[step.kind].padEnd(2)} ${`${step.type} ${step.name}`.padEnd(width)}  ${word}`;
  return [paint(line, colors[step.kind]), ...step.diff.flatMap((diff) => renderDiff(diff, paint, limit))];
}

function renderSteps(result: DeploymentResult, paint: Paint, limit: number): string[] {
  const steps = (result.steps ?? []).filter((step) => step.kind !== "same" || step.failed);
  const width = Math.max(0, ...steps.map(({ type, name }) => type.length + name.length + 1));
  return steps.flatMap((step) => renderStep(step, width, result.command === "preview", paint, limit));
}

function renderDiagnostics(result: DeploymentResult, paint: Paint): string[] {
  const shown = result.diagnostics.filter(({ severity }) => severity !== "debug");
  if (shown.length === 0) return [];
  const lines = shown.map(({ severity, message, urn }) => {
    const about = urn ? `${urn.slice(urn.lastIndexOf("::") + 2)}: ` : "";
    const label =
      severity === "error" ? paint("error: ", 31) : severity === "warning" ? paint("warning: ", 33) : "";
    return `    ${`${about}${label}${message.trimEnd()}`.replaceAll("\n", "\n      ")}`;
  });
  return ["Diagnostics:", ...lines, ""];
}

function renderOutputs(result: DeploymentResult): string[] {
  const names = Object.keys(result.outputs).sort();
  if (names.length === 0 || result.command === "destroy") return [];
  const show = (name: string) =>
    result.secretOutputs.includes(name) ? "[secret]" : JSON.stringify(result.outputs[name]);
  return ["Outputs:", ...names.map((name) => `    ${name}: ${show(name)}`), ""];
}

function renderChanges(result: DeploymentResult, paint: Paint): string[] {
  const words = result.command === "preview" ? plannedWords : doneWords;
  const kinds: readonly StepKind[] = ["create", "update", "replace", "delete", "same"];
  const lines = kinds.flatMap((kind) => {
    const count = result.changes[kind];
    return count ? [paint(`    ${marks[kind].padEnd(2)} ${count} ${words[kind]}`, colors[kind])] : [];
  });
  return lines.length > 0 ? ["Resources:", ...lines, ""] : [];
}

/** A result as a person reads it: what changed, what was said, the outputs, how much and how long. */
export function renderResult(result: DeploymentResult, options: RenderOptions = {}): string {
  const paint: Paint = (text, code) =>
    options.color && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text;
  const steps = renderSteps(result, paint, options.elements ?? 3);
  return [
    `${titles[result.command]}${options.stack ? ` (${options.stack})` : ""}:`,
    "",
    ...steps,
    ...(steps.length > 0 ? [""] : []),
    ...renderDiagnostics(result, paint),
    ...renderOutputs(result),
    ...renderChanges(result, paint),
    `Duration: ${(result.durationMs / 1000).toFixed(1)} s`,
    "",
  ].join("\n");
}
