import type { Reader } from "../../../store/database/database.ts";
import type { Content } from "../content.ts";
import { keylessRowsWithHashes, rowsWithKeys, versionsOf } from "../families.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Prepared } from "./prepared.ts";

/** The rows among which sources find their earlier versions. */
export interface Neighbours {
  readonly rows: readonly ArtifactRow[];
  readonly contents: ReadonlyMap<number, Content>;
  /** Ids of those whose bytes did not come yet: whoever adds them brings them. */
  readonly unstored: { has(id: number): boolean };
  /** Uids of their families that were given before and are not to be given again. */
  readonly deletedUids: readonly string[];
}

/** Loads every row that could be an earlier version of a source, in a fixed number of queries. */
export async function neighboursOf(
  reader: Reader,
  storageIds: readonly number[],
  prepared: readonly Prepared[],
  revises: ArtifactRow | undefined,
): Promise<ArtifactRow[]> {
  const keys = prepared.flatMap(({ source }) => source.key === null ? [] : [source.key]);
  const hashes = prepared.flatMap(({ source, hash }) => source.key === null ? [hash] : []);
  const direct = [
    ...await rowsWithKeys(reader, storageIds, keys),
    ...await keylessRowsWithHashes(reader, storageIds, hashes),
    ...(revises === undefined ? [] : [revises]),
  ];
  return await versionsOf(reader, direct);
}
