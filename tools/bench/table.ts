import { once } from "./data.ts";
import { Random } from "./random.ts";
import type { Bench } from "./workbench.ts";

/** Rows of a group, as the best known writers choose them. */
const rowsPerGroup = 1 << 20;
const measurements = ["x", "y", "intensity", "area", "score", "depth"];

/** A parquet table of cells with a name, a class and measurements, some 65 bytes a row. */
export function largeTable(bench: Bench, rows: number): Promise<string> {
  return once(bench, `cells-${rows}.parquet`, async (path) => {
    const { fileWriter, parquetWriteRows } = await import("hyparquet-writer");
    await parquetWriteRows({
      writer: fileWriter(path),
      columns: [
        { name: "cell", type: "STRING" },
        { name: "class", type: "STRING" },
        ...measurements.map((name) => ({ name, type: "DOUBLE" as const })),
      ],
      rowGroupSize: rowsPerGroup,
      rows: cells(bench, rows),
    });
  });
}

async function* cells(bench: Bench, count: number): AsyncGenerator<Record<string, unknown>> {
  const random = new Random(14);
  for (let row = 0; row < count; row++) {
    if (row % 100_000 === 0) await bench.breathe();
    const cell: Record<string, unknown> = {
      cell: random.text(12),
      class: `class ${random.below(40)}`,
    };
    for (const name of measurements) cell[name] = random.below(1 << 30) / 1024;
    yield cell;
  }
}
