import { beside, type Reader } from "../../../store/database/database.ts";
import { objectsFolder } from "../../artifact/storage_key.ts";
import type { Changes } from "../../operation/changes.ts";
import { recordManifests } from "../../artifact/add/record_contents.ts";
import type { RowSource } from "../rows/row_source.ts";
import { laminContent } from "../../side_tables.ts";
import { isTableBeside } from "./copying.ts";
import type { NewIdOf } from "./new_ids_of_copies.ts";
import { NotCopied } from "./not_copied.ts";

/** Folders whose files are asked for together. */
const batchSize = 2000;

/** What the source knows of the bytes of its artifacts, joined to their rows, which are `row`. */
export async function contentsBeside(reader: Reader): Promise<string> {
  const isThere = await isTableBeside(reader, laminContent.name);
  return isThere
    ? `${beside}.lamin_content AS content
         ON content.artifact_id = row.id AND content.hash IS row.hash`
    : "(SELECT NULL AS sha256, NULL AS is_folder) AS content ON FALSE";
}

/** As `placeInStore` has it: columns of artifacts whose bytes go to the target's own storage. */
export const placesInStore: Readonly<Record<string, string>> = {
  _real_key: `'${objectsFolder}/' || substr(content.sha256, 1, 2) || '/' || content.sha256
    || row.suffix`,
  _key_is_virtual: "1",
  _overwrite_versions: "CASE WHEN content.sha256 IS NULL THEN row._overwrite_versions ELSE 0 END",
};

/** Copies what is known of the bytes of copied artifacts. Throws {@link NotCopied}. */
export async function copyContents(
  changes: Changes,
  source: RowSource,
  newId: NewIdOf,
): Promise<void> {
  const { reader, writer } = changes;
  if (await reader.first("SELECT 1 AS one FROM lamin_content") !== undefined) {
    throw new NotCopied("contents are known already");
  }
  const from = `${beside}.lamindb_artifact AS row NOT INDEXED JOIN ${await contentsBeside(reader)}`;
  if (!from.includes("lamin_content")) return;
  await writer.run(
    `INSERT INTO lamin_content (artifact_id, sha256, is_folder, hash)
     SELECT ${newId("row.id")}, content.sha256, content.is_folder, row.hash
     FROM ${from} ORDER BY row.id`,
  );
  const odd = `SELECT 1 AS one FROM lamin_content WHERE NOT (
    typeof(sha256) = 'text' AND octet_length(sha256) = 64 AND unhex(sha256) IS NOT NULL
    AND lower(sha256) = sha256 AND typeof(is_folder) = 'integer' AND is_folder IN (0, 1)) LIMIT 1`;
  if (await reader.first(odd) !== undefined) throw new NotCopied("a SHA-256 is none");
  const range = await reader.first<{ first: number | null; last: number | null }>(
    "SELECT min(id) AS first, max(id) AS last FROM lamin_content",
  );
  if (range?.first != null) changes.inserted(laminContent, range.first, range.last!);
  const folders = await reader.all<{ id: number }>(
    `SELECT row.id FROM ${beside}.lamin_content AS content NOT INDEXED
     CROSS JOIN ${beside}.lamindb_artifact AS row
       ON row.id = content.artifact_id AND row.hash IS content.hash
     WHERE content.is_folder = 1 ORDER BY row.id`,
  );
  for (let start = 0; start < folders.length; start += batchSize) {
    const ids = folders.slice(start, start + batchSize).map(({ id }) => id);
    const contents = await Array.fromAsync(source.contents(ids));
    await recordManifests(
      changes,
      contents.filter(({ files }) => files.length > 0)
        .map(({ sha256, files }) => ({ sha256, manifest: files })),
    );
  }
}
