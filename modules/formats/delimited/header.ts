import type { TableColumn } from "../../../core/diff/table_reader.ts";

/**
 * The columns for a header and the first rows below it, named as pandas names them: without a name
 * "Unnamed: 0", a name again "a.1". Where all of these rows have one field more than the header, as
 * R writes tables with row names, the first column is called "index".
 */
export function columnsOf(
  header: readonly string[],
  firstRows: readonly (readonly string[])[],
): TableColumn[] {
  const hasIndex = firstRows.length > 0 &&
    firstRows.every((row) => row.length === header.length + 1);
  const own = hasIndex ? ["index", ...header] : header;
  const names = own.map((name, index) => name === "" ? `Unnamed: ${index}` : name);
  const taken = new Set(names);
  const seen = new Map<string, number>();
  return names.map((name) => {
    let times = seen.get(name) ?? 0;
    let unique = name;
    // The first of a name keeps it; the others get numbers that no other column has.
    while (times > 0 && taken.has(unique)) unique = `${name}.${times++}`;
    seen.set(name, Math.max(times, 1));
    taken.add(unique);
    return { name: unique, type: "text" };
  });
}
