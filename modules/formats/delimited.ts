import type { Format } from "../../core/format/format.ts";

/** Tables as delimited text with a header row, also compressed with gzip. */
export const delimited: Format = {
  name: "delimited",
  hasKeys: true,
  sniff: (head, name) => {
    const match = suffix.exec(name);
    if (match === null) return false;
    // Text in UTF-16, which is not read, has a NUL in each character of ASCII.
    return match[1] === undefined ? !head.includes(0) : head[0] === 0x1f && head[1] === 0x8b;
  },
  async describe(source) {
    const { describeDelimited } = await import("./delimited/describe.ts");
    return await describeDelimited(source);
  },
  async head(source, count) {
    const { firstRows } = await import("../../core/head/first_rows.ts");
    const { openDelimited } = await import("./delimited/reader.ts");
    return await firstRows(await openDelimited(source), count);
  },
  async *diff(before, after, options) {
    const { diffDelimited } = await import("./delimited/diff.ts");
    yield* diffDelimited(before, after, options);
  },
};

const suffix = /\.(?:csv|tsv|tab)(\.gz)?$/i;
