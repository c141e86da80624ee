import { LaminError } from "../../store/errors.ts";

/**
 * The values in `a,b,"c, d"`: separated by commas, in double quotes where a value has commas
 * itself; a quote inside quotes is written twice. Throws code "usage" for a quote that is not
 * closed.
 */
export function splitList(text: string): string[] {
  const values: string[] = [];
  const value = /\s*(?:"((?:[^"]|"")*)"|((?:[^\s",][^,]*?)?))\s*(,|$)/y;
  while (true) {
    const found = value.exec(text);
    if (found === null) {
      throw new LaminError("usage", `the list ${text} has a quote in a wrong place`, {
        hint: 'write values with commas as "a, b","c"',
        data: { list: text },
      });
    }
    values.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'));
    if (found[3] === "") return values;
  }
}
