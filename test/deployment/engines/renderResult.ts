import { nameOf } from "../../engine/checkpoint";
import type { PropertyValue } from "../../engine/properties";
import type { DeploymentResult, StepKind, StepReport } from "./deployment";
import { diffProperties, type PropertyDiff, showValue } from "./propertyDiff";

const titles = { preview: "Previewing update", up: "Updating", refresh: "Refreshing", destroy: "Destroying" };
/** In the order of the summary; what a preview says, and what is said when it is done. */
const kinds = {
  create: { mark: "+ ", planned: "to create", done: "created" },
  update: { mark: "~ ", planned: "to update", done: "updated" },
  replace: { mark: "+-", planned: "to replace", done: "replaced" },
  delete: { mark: "- ", planned: "to delete", done: "deleted" },
  same: { mark: "  ", planned: "unchanged", done: "unchanged" },
} satisfies Record<StepKind, unknown>;
const order: readonly StepKind[] = ["create", "update", "replace", "delete", "same"];
/** How many elements of a changed list are named before the rest is only counted. */
const SHOWN_ELEMENTS = 3;

type Shown = Omit<DeploymentResult, "stdout">;

const wordOf = (result: Shown, kind: StepKind): string =>
  kinds[kind][result.command === "preview" ? "planned" : "done"];

function renderElements(sign: string, elements: readonly string[]): string[] {
  const rest = elements.length - SHOWN_ELEMENTS;
  const shown = [...elements.slice(0, SHOWN_ELEMENTS), ...(rest > 0 ? [`... ${rest} more`] : [])];
  return shown.map((element) => `        ${sign} ${element}`);
}

/** The lines of one changed property: `findingIds: +10 -5` with the first of them, or `old => new`. */
function renderDiff({ property, isList, added, removed }: PropertyDiff): string[] {
  const line = (text: string) => `      ${property}: ${text}`;
  if (!isList && removed.length === 0) return [line(`+ ${added[0]}`)];
  if (!isList) return [line(added.length === 0 ? `- ${removed[0]}` : `${removed[0]} => ${added[0]}`)];
  const counts = [added.length > 0 && `+${added.length}`, removed.length > 0 && `-${removed.length}`];
  return [
    line(counts.filter(Boolean).join(" ") || "reordered"),
    ...renderElements("+", added),
    ...renderElements("-", removed),
  ];
}

function renderSteps(result: Shown): string[] {
  const steps = (result.steps ?? []).filter(({ kind, failed }) => kind !== "same" || failed);
  if (steps.length === 0) return result.exitCode === 0 ? ["  no changes"] : [];
  const title = ({ type, name }: StepReport) => `${type} ${name}`;
  const width = Math.max(0, ...steps.map((step) => title(step).length));
  return steps.flatMap((step) => {
    const word = step.failed ? "failed" : wordOf(result, step.kind);
    return [
      `  ${kinds[step.kind].mark} ${title(step).padEnd(width)}  ${word}`,
      ...diffProperties(step.before, step.after).flatMap(renderDiff),
    ];
  });
}

function renderDiagnostics(result: Shown): string[] {
  const shown = result.diagnostics.filter(({ severity }) => severity !== "debug");
  return shown.map(({ severity, message, urn }) => {
    const text = `${urn ? `${nameOf(urn)}: ` : ""}${severity === "info" ? "" : `${severity}: `}${message.trimEnd()}`;
    return `    ${text.replaceAll("\n", "\n      ")}`;
  });
}

function renderOutputs({ command, outputs, secretOutputs }: Shown): string[] {
  if (command === "destroy") return [];
  const show = (name: string) =>
    // what a program exports has come as JSON
    secretOutputs.includes(name) ? "[secret]" : showValue(outputs[name] as PropertyValue);
  return Object.keys(outputs)
    .sort()
    .map((name) => `    ${name}: ${show(name)}`);
}

const renderChanges = (result: Shown): string[] =>
  order.flatMap((kind) => {
    const count = result.changes[kind];
    return count ? [`    ${kinds[kind].mark} ${count} ${wordOf(result, kind)}`] : [];
  });

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? [title, ...lines, ""] : [];

/** What was done, set off from its title; the title alone where it failed before anything was done. */
const stepsSection = (title: string, steps: readonly string[]): string[] => [
  title,
  "",
  ...(steps.length > 0 ? [...steps, ""] : []),
];

/** A result as a person reads it: what changed, what was said, the outputs, how much and how long. */
export function renderResult(result: Shown, stack: string): string {
  return [
    ...stepsSection(`${titles[result.command]} (${stack}):`, renderSteps(result)),
    ...section("Diagnostics:", renderDiagnostics(result)),
    ...section("Outputs:", renderOutputs(result)),
    ...section("Resources:", renderChanges(result)),
    `Duration: ${(result.durationMs / 1000).toFixed(1)} s`,
    "",
  ].join("\n");
}
