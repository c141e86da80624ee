import type { Reader } from "../../../store/database/database.ts";
import type { Instance } from "../../instance/instance.ts";
import type { FileContent } from "../../work_tree/file_contents.ts";
import { trashBranch } from "../../version/branch_ids.ts";
import { type BytesPlace, presenceOf } from "../presence.ts";
import { storageKeyOf } from "../storage_key.ts";

/** Bytes of an artifact that have some content. */
interface Copy {
  /** SHA-256, or LaminDB's hash where nothing else is known. */
  readonly content: string;
  /** Of the file in a folder artifact; null when the artifact is the file. */
  readonly member: string | null;
  readonly uid: string;
  readonly key: string | null;
  readonly _real_key: string | null;
  readonly suffix: string;
  readonly _key_is_virtual: boolean;
  readonly _overwrite_versions: boolean;
  readonly storage_id: number;
}

/**
 * Which of some contents the store keeps for an artifact that is not in the trash, so that a file
 * with them can be replaced without losing anything: their SHA-256. Bytes that lie among the files
 * of users do not count, since they may be the very file. A fixed number of queries.
 */
export async function recordedContents(
  instance: Instance,
  contents: readonly FileContent[],
): Promise<ReadonlySet<string>> {
  if (contents.length === 0) return new Set();
  const copies = await instance.database.read((reader) => copiesOf(reader, contents));
  const ownCopies = copies.filter((copy) => storageKeyOf(copy).startsWith(".lamindb/"));
  const presence = await presenceOf(instance, ownCopies.map(placeOf));
  const stored = new Set(
    ownCopies.filter((_, index) => typeof presence[index] === "number")
      .map(({ content }) => content),
  );
  return new Set(
    contents
      .filter(({ sha256, hash }) => stored.has(sha256) || stored.has(hash))
      .map(({ sha256 }) => sha256),
  );
}

const columns = `a.uid, a.key, a._real_key, a.suffix, a.storage_id,
  CASE WHEN a._key_is_virtual THEN 1 ELSE 0 END AS _key_is_virtual,
  CASE WHEN a._overwrite_versions THEN 1 ELSE 0 END AS _overwrite_versions`;

async function copiesOf(reader: Reader, contents: readonly FileContent[]): Promise<Copy[]> {
  // Only an MD5 is of all bytes; the other kind of LaminDB's hash leaves some out.
  const full = contents.filter(({ hashType }) => hashType === "md5");
  const hashes = reader.dialect.valuesOf(full.map(({ hash }) => hash));
  const byHash = await reader.all<Copy>(
    `SELECT a.hash AS content, NULL AS member, ${columns} FROM lamindb_artifact AS a
     WHERE a.hash IN (${hashes.sql}) AND a._hash_type = 'md5' AND a.n_files IS NULL
       AND a.branch_id <> ${trashBranch}`,
    hashes.parameters,
  );
  if (!(await reader.hasTable("lamin_content"))) return byHash;
  const list = reader.dialect.valuesOf(contents.map(({ sha256 }) => sha256));
  const files = await reader.all<Copy>(
    `SELECT c.sha256 AS content, NULL AS member, ${columns}
     FROM lamin_content AS c JOIN lamindb_artifact AS a
       ON a.id = c.artifact_id AND a.hash IS NOT DISTINCT FROM c.hash
     WHERE c.sha256 IN (${list.sql}) AND a.branch_id <> ${trashBranch}`,
    list.parameters,
  );
  const members = await reader.all<Copy>(
    `SELECT f.sha256 AS content, f.path AS member, ${columns}
     FROM lamin_manifestfile AS f JOIN lamin_content AS c ON c.sha256 = f.manifest
       JOIN lamindb_artifact AS a ON a.id = c.artifact_id AND a.hash IS NOT DISTINCT FROM c.hash
     WHERE f.sha256 IN (${list.sql}) AND a.branch_id <> ${trashBranch}`,
    list.parameters,
  );
  return [...byHash, ...files, ...members];
}

function placeOf(copy: Copy): BytesPlace {
  const folder = storageKeyOf(copy);
  const name = copy.member === null ? folder : `${folder}/${copy.member}`;
  return { storageId: copy.storage_id, name, isFolder: false };
}
