import type { ContentFile } from "../../artifact/content_files.ts";
import { presenceOf } from "../../artifact/presence.ts";
import type { ArtifactRow } from "../../artifact/storage_key.ts";
import type { Instance } from "../../instance/instance.ts";
import { artifact } from "../../registry/lamindb/artifact.ts";
import { contentsOfRows } from "../rows/row_contents.ts";
import { objectNameOf } from "./object_name.ts";

/** A content whose artifact the source deleted, and whose object it keeps for one who knows it. */
export interface KeptContent {
  /** The row of the target, with where the source has the bytes. */
  readonly row: ArtifactRow;
  readonly sha256: string;
  readonly files: readonly ContentFile[];
}

/**
 * Contents of artifacts of the target that the source has as objects though it has no such
 * artifacts any more: its `gc` leaves what others have not fetched yet.
 */
export async function keptContents(
  source: Instance,
  target: Instance,
  uids: readonly string[],
): Promise<KeptContent[]> {
  const known = await knownContents(target, uids);
  const found: KeptContent[] = [];
  for (const storageId of source.managedStorageIds) {
    const places = known.map(({ row, object }) => ({
      storageId,
      name: object,
      isFolder: row.n_files !== null,
    }));
    const presence = await presenceOf(source, places);
    known.forEach(({ row, object, sha256, files }, index) => {
      if ((presence[index] ?? null) === null) return;
      found.push({
        row: { ...row, storage_id: storageId, _real_key: object },
        sha256,
        files: row.n_files === null
          ? [{ path: "", name: object, size: row.size, sha256, hash: undefined }]
          : files.map((file) => ({
            ...file,
            name: `${object}/${file.path}`,
            hash: undefined,
          })),
      });
    });
  }
  return found;
}

async function knownContents(target: Instance, uids: readonly string[]) {
  return await target.database.read(async (reader) => {
    const list = reader.dialect.valuesOf(uids);
    const rows = await reader.select(artifact, `uid IN (${list.sql})`, list.parameters);
    const byUid = new Map(rows.map((row) => [row.uid, row]));
    const known = [];
    const contents = contentsOfRows(reader, rows.map(({ id }) => id));
    for await (const { identity, sha256, files } of contents) {
      const row = byUid.get(identity)!;
      known.push({ row, object: objectNameOf(sha256, row.suffix), sha256, files });
    }
    return known;
  });
}
