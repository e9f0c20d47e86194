/** A text from outside, so that it stays a text: between tags and in attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A text in which what stands between backticks is code. */
export function escapeWithCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/**
 * A table that scrolls by itself, or whose rows stand one below the other where the window is narrow; the
 * roles say to screen readers that it is a table all the same.
 * @param head names of columns; those that begin with `#` hold numbers
 * @param rows HTML of the cells; the first of each is the head of its row
 * @param hasTotal the last row is the sum of the others
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  hasTotal = false,
): string {
  const names = head.map((name) => name.replace(/^#/, ""));
  const isNumber = (column: number) => head[column]?.startsWith("#") ?? false;
  const attribute = (column: number) => (isNumber(column) ? ' class="number"' : "");
  const heads = names.map(
    (name, column) => `<th scope="col" role="columnheader"${attribute(column)}>${escapeHtml(name)}</th>`,
  );
  const firstLabel = escapeHtml(names[0] ?? "");
  const body = rows.map((cells, index) => {
    const [first = "", ...others] = cells;
    const rest = others.map((cell, at) => {
      const label = escapeHtml(names[at + 1] ?? "");
      return `<td role="cell" data-label="${label}"${attribute(at + 1)}>${cell}</td>`;
    });
    const total = hasTotal && index === rows.length - 1 ? ' class="total"' : "";
    return `<tr role="row"${total}><th scope="row" role="rowheader" data-label="${firstLabel}">${first}</th>${rest.join("")}</tr>`;
  });
  const label = escapeHtml(names.join(", "));
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table: ${label}"><table role="table">
<thead role="rowgroup"><tr role="row">${heads.join("")}</tr></thead>
<tbody role="rowgroup">
${body.join("\n")}
</tbody>
</table></div>`;
}
