import type { Reader, SqlValue } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { checkedFiles } from "../artifact/checked_files.ts";
import { contentFiles } from "../artifact/content_files.ts";
import { hashedMember } from "../artifact/hashed_member.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { base64url22 } from "../identity/hash.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { laminContent } from "../side_tables.ts";
import type { FoundContent } from "./content_at.ts";

/** An artifact that has some content, or has a file with it. */
export interface Match {
  readonly row: ArtifactRow;
  /** The file in a folder artifact; undefined when it is the artifact itself. */
  readonly member: string | undefined;
  /** False when all that is known of the artifact is a hash of parts of it, and that agrees. */
  readonly isSure: boolean;
}

/** How many artifacts with one content are looked at: empty files are in very many. */
const rowsMax = 100;

/**
 * The artifacts, in the trash too, whose content this is. What lamin noted is compared by SHA-256;
 * what only Python wrote by LaminDB's hash and, where that leaves something out, by reading what is
 * stored, if that can be read.
 */
export async function artifactsWith(instance: Instance, content: FoundContent): Promise<Match[]> {
  const { noted, claimed } = await instance.database.read(async (reader) => ({
    noted: await notedWith(reader, content),
    claimed: await claimedWith(reader, content),
  }));
  const known = new Set(noted.map(({ row }) => row.id));
  const checked: Match[] = [];
  for (const row of claimed) {
    if (known.has(row.id)) continue;
    const isSame = await isSameAsStored(instance, row, content);
    if (isSame !== false) checked.push({ row, member: undefined, isSure: isSame === true });
  }
  return [...noted, ...checked];
}

async function notedWith(reader: Reader, { kind, sha256 }: FoundContent): Promise<Match[]> {
  if (!(await reader.hasTable(laminContent.name))) return [];
  const whole = await rowsWhere(
    reader,
    `SELECT c.artifact_id FROM lamin_content AS c JOIN lamindb_artifact AS a
       ON a.id = c.artifact_id AND a.hash IS NOT DISTINCT FROM c.hash
     WHERE c.sha256 = ?`,
    [sha256],
  );
  const found = whole.map((row): Match => ({ row, member: undefined, isSure: true }));
  if (kind === "folder") return found;
  const members = await reader.all<{ id: number; path: string }>(
    `SELECT a.id AS id, min(f.path) AS path
     FROM lamin_manifestfile AS f JOIN lamin_content AS c ON c.sha256 = f.manifest
       JOIN lamindb_artifact AS a ON a.id = c.artifact_id AND a.hash IS NOT DISTINCT FROM c.hash
     WHERE f.sha256 = ? GROUP BY a.id ORDER BY a.id DESC LIMIT ${rowsMax}`,
    [sha256],
  );
  if (members.length === 0) return found;
  const paths = new Map(members.map(({ id, path }) => [Number(id), path]));
  const list = reader.dialect.valuesOf([...paths.keys()]);
  const rows = await rowsWhere(reader, list.sql, list.parameters);
  return [...found, ...rows.map((row) => ({ row, member: paths.get(row.id), isSure: true }))];
}

/** Artifacts that have LaminDB's hash of the content, and of which nothing else was noted. */
async function claimedWith(
  reader: Reader,
  { hash, sha256, kind }: FoundContent,
): Promise<ArtifactRow[]> {
  const hashes = reader.dialect.valuesOf([hash, base64url22(Uint8Array.fromHex(sha256))]);
  const unknown = await reader.hasTable(laminContent.name)
    ? `AND NOT EXISTS (SELECT 1 FROM lamin_content AS c
         WHERE c.artifact_id = a.id AND c.hash IS NOT DISTINCT FROM a.hash)`
    : "";
  return await rowsWhere(
    reader,
    `SELECT a.id FROM lamindb_artifact AS a
     WHERE a.hash ${reader.dialect.among(hashes.sql)}
       AND ${reader.dialect.withoutIndex("a.n_files")} IS ${kind === "folder" ? "NOT " : ""}NULL
       ${unknown}`,
    hashes.parameters,
  );
}

async function rowsWhere(
  reader: Reader,
  ids: string,
  parameters: readonly SqlValue[],
): Promise<ArtifactRow[]> {
  return await reader.select(
    artifact,
    `id ${reader.dialect.among(ids)} ORDER BY id DESC LIMIT ${rowsMax}`,
    parameters,
  );
}

/** Undefined when it cannot be told. */
async function isSameAsStored(
  instance: Instance,
  row: ArtifactRow,
  content: FoundContent,
): Promise<boolean | undefined> {
  if (row.size !== null && row.size !== content.size) return false;
  if (row._hash_type === "md5" || row._hash_type === "sha256") return true;
  try {
    const stored = await checkedFiles(instance, row, await contentFiles(instance, row));
    if (content.kind === "file") {
      return (await hashedMember(instance, row, stored[0]!)).sha256 === content.sha256;
    }
    // The hashes of all files agree, whatever their names: the names are left to be compared.
    const files = new Map(stored.map((file) => [file.path, file]));
    return files.size === content.files.length && content.files.every(({ path, size, sha256 }) => {
      const file = files.get(path);
      return file !== undefined && (file.sha256 ?? sha256) === sha256 && file.size === size;
    });
  } catch (error) {
    if (error instanceof LaminError) return undefined; // its bytes are not here
    throw error;
  }
}
