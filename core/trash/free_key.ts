import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { parseKey } from "../identity/key.ts";
import { suffixOf } from "../identity/suffix.ts";
import { stemUid } from "../identity/uid.ts";
import { artifact } from "../registry/lamindb/artifact.ts";

/** The key to restore under. Throws code "usage" when it cannot be the key of all the rows. */
export function newKey(rows: readonly ArtifactRow[], text: string): string {
  if (new Set(rows.map(({ uid }) => stemUid(uid))).size > 1) {
    throw new LaminError("usage", "--key names one artifact, but several would be restored");
  }
  const key = parseKey(text);
  const other = rows.find(({ suffix }) => suffixOf(key).canonical !== suffix);
  if (other === undefined) return key;
  throw new LaminError("usage", `the key ${text} has another suffix than '${other.suffix}'`, {
    hint: "an artifact keeps its suffix",
  });
}

/**
 * Throws code "conflict" when an artifact of another family, on the branch or among those that come
 * back, has one of the keys.
 */
export async function requireFreeKeys(
  reader: Reader,
  rows: readonly ArtifactRow[],
  key: string | undefined,
  branch: number,
): Promise<void> {
  const coming = rows.map((row) => ({ ...row, key: key ?? row.key }));
  const owners = new Map(coming.map((row) => [row.key, stemUid(row.uid)]));
  owners.delete(null);
  const list = reader.dialect.valuesOf([...owners.keys()] as string[]);
  const there = await reader.select(artifact, `key IN (${list.sql}) AND branch_id = ?`, [
    ...list.parameters,
    branch,
  ]);
  const taken = [...there, ...coming].filter((row) =>
    owners.has(row.key) && owners.get(row.key) !== stemUid(row.uid)
  );
  if (taken.length === 0) return;
  const [first] = taken;
  throw new LaminError(
    "conflict",
    `another artifact has the key ${first!.key} (${first!.uid})`,
    {
      hint: "--key NEW restores under another key; --force lets both have it",
      data: { taken: taken.slice(0, 1000).map(({ uid, key }) => ({ uid, key })) },
    },
  );
}

/** Throws code "conflict" when an artifact with the key has the same content (COMPAT §5.1). */
export async function requireNoTwin(
  reader: Reader,
  rows: readonly ArtifactRow[],
  key: string,
): Promise<void> {
  const there = await reader.select(artifact, "key = ?", [key]);
  const twin = there.find((other) =>
    rows.some(({ id, hash, storage_id }) =>
      other.id !== id && other.hash === hash && other.storage_id === storage_id
    )
  );
  if (twin === undefined) return;
  throw new LaminError("conflict", `${key} has the same content already (${twin.uid})`, {
    data: { uid: twin.uid, key },
  });
}
