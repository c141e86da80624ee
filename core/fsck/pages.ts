import type { Condition, Reader } from "../../store/database/database.ts";
import type { ManifestFile } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { type ContentRow, laminContent, laminManifestFile } from "../side_tables.ts";

/** Artifacts, with what is noted of their content. */
export interface Page {
  readonly rows: readonly ArtifactRow[];
  /** By artifact id, also those that speak of bytes which Python replaced since. */
  readonly contents: ReadonlyMap<number, ContentRow>;
  /** Files of folders, by the hash of their manifest. */
  readonly manifests: ReadonlyMap<string, readonly ManifestFile[]>;
}

/** Artifacts and files of folders that are held in memory at a time. */
const rowsMax = 1000;
const filesMax = 50_000;

/**
 * All artifacts that meet a condition, in the order of their ids. No transaction is open while a
 * page is looked at: that may take long, and would keep others from writing.
 */
export async function* artifactPages(
  instance: Instance,
  condition: Condition,
): AsyncGenerator<Page> {
  for (let after = -1;;) {
    const rows = await instance.database.read((reader) =>
      reader.select(
        artifact,
        `id > ? AND (${condition.sql}) ORDER BY id LIMIT ${rowsMax}`,
        [after, ...condition.parameters],
      )
    );
    for (const part of partsOf(rows)) {
      yield await instance.database.read((reader) => pageOf(instance, reader, part));
    }
    if (rows.length < rowsMax) return;
    after = rows.at(-1)!.id;
  }
}

/** Rows in parts whose folders together have no more files than may be held. */
function partsOf(rows: readonly ArtifactRow[]): ArtifactRow[][] {
  const parts: ArtifactRow[][] = [];
  let files = Infinity;
  for (const row of rows) {
    files += row.n_files ?? 0;
    if (files > filesMax) {
      parts.push([]);
      files = row.n_files ?? 0;
    }
    parts.at(-1)!.push(row);
  }
  return parts;
}

async function pageOf(
  instance: Instance,
  reader: Reader,
  rows: readonly ArtifactRow[],
): Promise<Page> {
  const contents = new Map<number, ContentRow>();
  const manifests = new Map<string, ManifestFile[]>();
  if (!(await instance.hasSideTables(reader))) return { rows, contents, manifests };
  const ids = reader.dialect.valuesOf(rows.map(({ id }) => id));
  for (
    const row of await reader.select(laminContent, `artifact_id IN (${ids.sql})`, ids.parameters)
  ) {
    contents.set(row.artifact_id, row);
    if (row.is_folder) manifests.set(row.sha256, []);
  }
  const list = reader.dialect.valuesOf([...manifests.keys()]);
  const files = await reader.select(
    laminManifestFile,
    `manifest IN (${list.sql})`,
    list.parameters,
  );
  for (const { manifest, path, size, sha256 } of files) {
    manifests.get(manifest)!.push({ path, size, sha256 });
  }
  return { rows, contents, manifests };
}
