import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { ArtifactRow } from "../storage_key.ts";
import { isInPlace } from "./file_moves.ts";
import type { NewKey } from "./new_keys.ts";

/** Rows whose `_real_key` names bytes that move, and what it must become. */
export interface Pointer {
  readonly row: ArtifactRow;
  readonly realKey: string;
}

/**
 * The other artifacts that were registered over the same bytes in place, under keys of their own
 * (COMPAT §5.5): they have to follow. Throws code "conflict" when another artifact lies at, or
 * inside, what moves. One query, none when nothing lies in place.
 */
export async function pointersTo(reader: Reader, keys: readonly NewKey[]): Promise<Pointer[]> {
  const inPlace = keys.filter(({ row }) => isInPlace(row));
  if (inPlace.length === 0) return [];
  const places = new Map(inPlace.map(({ row, key }) => [row.key!, key]));
  const folders = inPlace.filter(({ row }) => row.n_files !== null);
  const list = reader.dialect.valuesOf([...places.keys()]);
  const conditions = [`_real_key IN (${list.sql})`, `key IN (${list.sql}) AND _real_key IS NULL`];
  const parameters = [...list.parameters, ...list.parameters];
  for (const { row } of folders) {
    for (const column of ["_real_key", "key"]) {
      const below = reader.dialect.startsWith(column, `${row.key}/`);
      conditions.push(below.sql);
      parameters.push(...below.parameters);
    }
  }
  const rows = await reader.select(
    artifact,
    `storage_id = ? AND (${conditions.join(" OR ")})`,
    [inPlace[0]!.row.storage_id, ...parameters],
  );
  const moving = new Set(keys.map(({ row }) => row.id));
  const pointers: Pointer[] = [];
  for (const row of rows) {
    const realKey = row._real_key === null ? undefined : places.get(row._real_key);
    if (realKey !== undefined) pointers.push({ row, realKey });
    else if (!moving.has(row.id) && (isInPlace(row) || row._real_key !== null)) throw sharing(row);
  }
  return pointers;
}

function sharing(row: ArtifactRow): LaminError {
  const place = row._real_key ?? row.key;
  return new LaminError(
    "conflict",
    `the artifact ${row.uid} has its bytes at ${place}, among those that would move`,
    { hint: "give it a copy of its own first", data: { uid: row.uid, key: row.key } },
  );
}
