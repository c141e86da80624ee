import type { Shape, Source } from "../../../core/format/format.ts";
import { readFooter } from "./footer.ts";
import { tableColumns } from "./reader.ts";

/** The shape by the footer alone; rows are observations, as in Python's LaminDB. */
export async function describeParquet(source: Source): Promise<Shape> {
  const footer = await readFooter(source);
  const { rows } = footer;
  const columns = tableColumns(source, footer).map(({ name, type }) => ({ name, type }));
  return { format: "parquet", size: source.size, rows, columns, observations: rows };
}
