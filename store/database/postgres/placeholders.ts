/**
 * What in SQL may hold a `?` that is no parameter: strings, quoted names, dollar quotes, comments.
 */
const opaque =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*|)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

/** SQL with `$1`, `$2`, … in place of `?`. */
export function numbered(sql: string): string {
  if (!sql.includes("?")) return sql;
  let count = 0;
  return sql.replaceAll(opaque, (found) => found === "?" ? `$${++count}` : found);
}
