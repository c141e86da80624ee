import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import { stemUid } from "../../identity/uid.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { eachFolderAbove } from "../../status/folders.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { NewKey } from "./new_keys.ts";

/**
 * Makes sure that the database can take new keys: that no other artifact has one of them or is a
 * file or folder above one, and that LaminDB's unique index over storage, key and hash (COMPAT
 * §5.1), which counts the trash too, has room. Throws code "conflict". Two queries.
 */
export async function refuseTakenKeys(reader: Reader, keys: readonly NewKey[]): Promise<void> {
  const moving = new Set(keys.map(({ row }) => row.id));
  const wanted = new Set<string>(keys.map(({ key }) => key));
  const others = await rowsUnder(reader, wanted, moving);
  const live = others.find(({ branch_id }) => branch_id !== trashBranch);
  if (live !== undefined) {
    throw taken(`there is an artifact ${live.key} already`, live, "'lamin rm' it first");
  }
  const above = await rowsUnder(reader, foldersOf(wanted), moving);
  const liveAbove = above.find(({ branch_id }) => branch_id !== trashBranch);
  if (liveAbove !== undefined) {
    const what = liveAbove.n_files === null ? "a file" : "a folder that is one artifact";
    throw taken(`${liveAbove.key} is ${what}`, liveAbove, "nothing can be put below it");
  }
  refuseTwins(keys, others);
}

async function rowsUnder(
  reader: Reader,
  keys: ReadonlySet<string>,
  moving: ReadonlySet<number>,
): Promise<ArtifactRow[]> {
  if (keys.size === 0) return [];
  const list = reader.dialect.valuesOf([...keys]);
  const rows = await reader.select(artifact, `key IN (${list.sql})`, list.parameters);
  return rows.filter(({ id }) => !moving.has(id));
}

function foldersOf(keys: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>();
  for (const key of keys) {
    eachFolderAbove(key, (folder) => {
      folders.add(folder);
      return true;
    });
  }
  return folders;
}

function refuseTwins(keys: readonly NewKey[], trashed: readonly ArtifactRow[]): void {
  const placeOf = (row: ArtifactRow, key: string) =>
    JSON.stringify([row.storage_id, key, row.hash]);
  const places = new Map(
    trashed.filter(({ hash }) => hash !== null).map((row) => [placeOf(row, row.key!), row]),
  );
  const owners = new Map<string, string>();
  for (const { row, key } of keys) {
    const owner = owners.get(key);
    if (owner !== undefined && owner !== stemUid(row.uid)) {
      throw taken(`two artifacts would get the key ${key}`, row, "move them one by one");
    }
    owners.set(key, stemUid(row.uid));
    if (row.hash === null) continue;
    const twin = places.get(placeOf(row, key));
    if (twin?.branch_id === trashBranch) {
      const hint = `'lamin rm --permanent ${twin.uid}' removes it for good`;
      throw taken(`the trash has ${key} with the same content (${twin.uid})`, twin, hint);
    }
    if (twin !== undefined) {
      throw taken(`two versions of ${key} would have the same content`, twin, `${twin.uid} is one`);
    }
    places.set(placeOf(row, key), row);
  }
}

function taken(message: string, row: ArtifactRow, hint: string): LaminError {
  return new LaminError("conflict", message, { hint, data: { uid: row.uid, key: row.key } });
}
