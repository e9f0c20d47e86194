/** A text from outside, so that it stays a text: between tags and in attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A table that scrolls by itself where the window is narrow.
 * @param head names of columns; those that begin with `#` hold numbers
 * @param rows HTML of the cells; the first of each is the head of its row
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = (column: number) => head[column]?.startsWith("#") ?? false;
  const attribute = (column: number) => (isNumber(column) ? ' class="number"' : "");
  const heads = head.map(
    (name, column) => `<th scope="col"${attribute(column)}>${escapeHtml(name.replace(/^#/, ""))}</th>`,
  );
  const body = rows.map((cells) => {
    const [first = "", ...others] = cells;
    const rest = others.map((cell, index) => `<td${attribute(index + 1)}>${cell}</td>`);
    return `<tr><th scope="row">${first}</th>${rest.join("")}</tr>`;
  });
  const label = escapeHtml(head.map((name) => name.replace(/^#/, "")).join(", "));
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table: ${label}"><table>
<thead><tr>${heads.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}
