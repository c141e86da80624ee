import { LaminError } from "../../store/errors.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { notFetchedAmong, notFetchedError } from "./not_fetched.ts";
import { type ArtifactRow, storageKeyOf } from "./storage_key.ts";

/**
 * Why the bytes of an artifact are not as its row said a moment ago: another command deleted, moved
 * or replaced it meanwhile, they did not come from elsewhere yet, or else what was found, `damage`.
 * Inside a transaction that began before, nothing of that can be seen.
 */
export async function unlessChanged(
  instance: Instance,
  row: ArtifactRow,
  damage: LaminError,
): Promise<LaminError> {
  const [now] = await instance.database.read((reader) =>
    reader.select(artifact, "id = ?", [row.id])
  );
  if (now === undefined) return noLongerThere(row);
  const isSame = storageKeyOf(now) === storageKeyOf(row) && now.storage_id === row.storage_id &&
    now.hash === row.hash && now.size === row.size;
  if (!isSame) return changedMeanwhile(row);
  return (await notFetchedAmong(instance, [now])).size > 0 ? notFetchedError(now) : damage;
}

function noLongerThere(row: ArtifactRow): LaminError {
  return new LaminError("not_found", `${row.key ?? row.uid} is no longer there`, {
    hint: "another command deleted it just now",
    data: { uid: row.uid, key: row.key },
  });
}

function changedMeanwhile(row: ArtifactRow): LaminError {
  return new LaminError("conflict", `${row.key ?? row.uid} is no longer there as it was`, {
    hint: "another command moved or replaced its bytes just now: run this one again",
    data: { uid: row.uid, key: row.key },
  });
}
