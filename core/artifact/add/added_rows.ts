import type { Reader } from "../../../store/database/database.ts";
import type { Instance } from "../../instance/instance.ts";
import { loggedRow } from "../../operation/net_change.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { AddResult } from "./add.ts";
import type { KeptAdded } from "./added_pieces.ts";

/** An artifact that a source led to, with all fields. */
export interface AddedRow {
  readonly kind: KeptAdded["kind"];
  readonly row: ArtifactRow;
  /** True when there is no such row yet, so that its id and, if it is new, its uid mean nothing. */
  readonly isPlanned: boolean;
}

/** How many rows are held at a time. */
const rowsAtOnce = 1000;

/** Every artifact that an `add` led to: first those without a change to their content. */
export async function* addedRows(
  instance: Instance,
  { added, unchanged }: { added: Iterable<KeptAdded>; unchanged: AddResult["unchanged"] },
): AsyncGenerator<AddedRow> {
  yield* inDatabase(instance, unchanged.map((id) => ({ kind: "unchanged", id })));
  const stored: { kind: KeptAdded["kind"]; id: number }[] = [];
  for (const { kind, id, draft } of added) {
    if (draft === undefined) stored.push({ kind, id: id! });
    else yield { kind, row: draft, isPlanned: id === undefined };
  }
  yield* inDatabase(instance, stored);
}

async function* inDatabase(
  { database }: Instance,
  found: readonly { kind: KeptAdded["kind"]; id: number }[],
): AsyncGenerator<AddedRow> {
  for (let start = 0; start < found.length; start += rowsAtOnce) {
    const some = found.slice(start, start + rowsAtOnce);
    const byId = await database.read((reader) => rowsById(reader, some.map(({ id }) => id)));
    for (const { kind, id } of some) {
      const row = byId.get(id);
      if (row !== undefined) yield { kind, row, isPlanned: false };
    }
  }
}

/** Rows by id; of those that were deleted since, how they were then. */
async function rowsById(
  reader: Reader,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ArtifactRow>> {
  const list = reader.dialect.valuesOf(ids);
  const rows = await reader.select(artifact, `id IN (${list.sql})`, list.parameters);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const gone = reader.dialect.valuesOf(ids.filter((id) => !byId.has(id)));
  if (byId.size === ids.length) return byId;
  const deleted = await reader.all<{ first_id: number; before: string }>(
    `SELECT first_id, before FROM lamin_change WHERE table_name = ? AND first_id IN (${gone.sql})
       AND before IS NOT NULL AND after IS NULL ORDER BY id`,
    [artifact.name, ...gone.parameters],
  );
  for (const { first_id, before } of deleted) {
    byId.set(first_id, loggedRow(before) as unknown as ArtifactRow);
  }
  return byId;
}
