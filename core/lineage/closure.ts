import type { ClosureStep, Reader, SqlValue } from "../../store/database/database.ts";
import { isOfData } from "../artifact/kept_kind.ts";
import type { DataKind } from "./edges.ts";
import type { Direction } from "./walk.ts";

const kinds = ["artifact", "collection"] as const;

/**
 * All runs that runs depend on (`up`) or that depend on them (`down`), themselves included, in one
 * query, whatever circles they make. `start` is a query of the column `id`.
 */
export async function runsReached(
  reader: Reader,
  direction: Direction,
  start: string,
  parameters: readonly SqlValue[],
): Promise<number[]> {
  const sql = reader.dialect.closure(start, steps[direction]);
  const rows = await reader.all<{ id: number }>(sql, parameters);
  return rows.map(({ id }) => Number(id));
}

const steps: Readonly<Record<Direction, readonly ClosureStep[]>> = {
  up: kinds.flatMap((kind) => {
    const read = `lamindb_${kind}_input_of_runs AS read`;
    return [
      { id: "made.run_id", from: `${read} JOIN ${makings(kind)} ON made.id = read.${kind}_id` },
      {
        id: "remade.run_id",
        from: `${read} JOIN ${remakings(kind)} ON remade.${kind}_id = read.${kind}_id`,
      },
    ].map((step) => ({
      ...step,
      where: `read.run_id = reached.id AND ${step.id} IS NOT NULL${own(step.id, kind)}`,
    }));
  }),
  down: kinds.flatMap((kind) => {
    const read = `JOIN lamindb_${kind}_input_of_runs AS read ON read.${kind}_id`;
    return [
      {
        id: "read.run_id",
        from: `${makings(kind)} ${read} = made.id`,
        where: `made.run_id = reached.id${own("made.run_id", kind)}`,
      },
      {
        id: "read.run_id",
        from: `${remakings(kind)} ${read} = remade.${kind}_id`,
        where: "remade.run_id = reached.id",
      },
    ];
  }),
};

function makings(kind: DataKind): string {
  return `lamindb_${kind} AS made`;
}

function remakings(kind: DataKind): string {
  return `lamindb_${kind}_recreating_runs AS remade`;
}

/** What LaminDB keeps of a run, its log and environment, is no output of it. */
function own(id: string, kind: DataKind): string {
  return id === "made.run_id" && kind === "artifact" ? ` AND ${isOfData("made.kind")}` : "";
}
