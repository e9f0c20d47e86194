/**
 * A value in double quotes for the logs search syntax: whatever it contains, it stays one value.
 * Source: https://docs.datadoghq.com/logs/explorer/search_syntax/
 */
export function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
