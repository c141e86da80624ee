import type { Format } from "../../core/format/format.ts";

const magic = [0x50, 0x41, 0x52, 0x31]; // PAR1

/** Tables in Apache Parquet, with encoding and compression of any kind but encryption. */
export const parquet: Format = {
  name: "parquet",
  hasKeys: true,
  sniff: (head) => magic.every((byte, index) => head[index] === byte),
  async describe(source) {
    const { describeParquet } = await import("./parquet/describe.ts");
    return await describeParquet(source);
  },
  async head(source, count) {
    const { firstRows } = await import("../../core/head/first_rows.ts");
    const { openParquet } = await import("./parquet/reader.ts");
    return await firstRows(await openParquet(source), count);
  },
  async *diff(before, after, options) {
    const { diffParquet } = await import("./parquet/diff.ts");
    yield* diffParquet(before, after, options);
  },
};
