import type { Reader } from "../../store/database/database.ts";
import { isOfData } from "../artifact/kept_kind.ts";

/** What runs read and write. */
export type DataKind = "artifact" | "collection";

/** One step between data and a run (COMPAT §5.9). */
export interface Edge {
  readonly data: DataKind;
  readonly dataId: number;
  readonly runId: number;
  /** What the data is to the run: made anew, made again with the same content, or read. */
  readonly role: Role;
}

export type Role = "output" | "recreated" | "input";

/** Ids of data, by kind. */
export type DataIds = Readonly<Record<DataKind, readonly number[]>>;

const kinds = ["artifact", "collection"] as const;

/** The runs that made the data, or made it again. */
export function producersOf(reader: Reader, ids: DataIds): Promise<Edge[]> {
  return edges(
    reader,
    kinds.flatMap((kind) => [made(kind, "id", ids), remade(kind, `${kind}_id`, ids)]),
  );
}

/** The runs that read the data. */
export function consumersOf(reader: Reader, ids: DataIds): Promise<Edge[]> {
  return edges(reader, kinds.map((kind) => read(kind, `${kind}_id`, ids)));
}

/** What the runs read. */
export function inputsOf(reader: Reader, runIds: readonly number[]): Promise<Edge[]> {
  const ids = { artifact: runIds, collection: runIds };
  return edges(reader, kinds.map((kind) => read(kind, "run_id", ids)));
}

/** What the runs made, or made again. */
export function outputsOf(reader: Reader, runIds: readonly number[]): Promise<Edge[]> {
  const ids = { artifact: runIds, collection: runIds };
  return edges(
    reader,
    kinds.flatMap((kind) => [made(kind, "run_id", ids), remade(kind, "run_id", ids)]),
  );
}

interface Part {
  readonly sql: string;
  readonly column: string;
  readonly ids: readonly number[];
}

function made(kind: DataKind, column: string, ids: DataIds): Part {
  // What LaminDB keeps of a run, its log and environment, is no output of it.
  const shown = kind === "artifact" ? ` AND ${isOfData("kind")}` : "";
  return {
    sql:
      `SELECT '${kind}' AS data, id AS data_id, run_id AS run_id, 'output' AS role, id AS position
      FROM lamindb_${kind} WHERE run_id IS NOT NULL${shown}`,
    column,
    ids: ids[kind],
  };
}

function remade(kind: DataKind, column: string, ids: DataIds): Part {
  return linked(kind, column, ids, "recreating_runs", "recreated");
}

function read(kind: DataKind, column: string, ids: DataIds): Part {
  return linked(kind, column, ids, "input_of_runs", "input");
}

function linked(kind: DataKind, column: string, ids: DataIds, link: string, role: Role): Part {
  return {
    sql: `SELECT '${kind}' AS data, ${kind}_id AS data_id, run_id AS run_id, '${role}' AS role,
      id AS position FROM lamindb_${kind}_${link} WHERE TRUE`,
    column,
    ids: ids[kind],
  };
}

async function edges(reader: Reader, parts: readonly Part[]): Promise<Edge[]> {
  const asked = parts.filter(({ ids }) => ids.length > 0).map((part) => ({
    ...part,
    list: reader.dialect.valuesOf(part.ids),
  }));
  if (asked.length === 0) return [];
  const rows = await reader.all<{ data: DataKind; data_id: number; run_id: number; role: Role }>(
    asked.map(({ sql, column, list }) => `${sql} AND ${column} IN (${list.sql})`)
      .join(" UNION ALL ") + " ORDER BY data, role, position",
    asked.flatMap(({ list }) => list.parameters),
  );
  return rows.map((row) => ({
    data: row.data,
    dataId: Number(row.data_id),
    runId: Number(row.run_id),
    role: row.role,
  }));
}
