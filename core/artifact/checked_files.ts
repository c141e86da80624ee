import { LaminError } from "../../store/errors.ts";
import { FileError } from "../../store/host/host.ts";
import { folderHashType, hashFolder } from "../identity/hash.ts";
import type { Instance } from "../instance/instance.ts";
import { hashFile } from "../work_tree/hash_file.ts";
import { type ContentFile, missingBytes, nameOf } from "./content_files.ts";
import { liesHere } from "./lies_here.ts";
import { unlessChanged } from "./still_there.ts";
import { type ArtifactRow, storageKeyOf } from "./storage_key.ts";

/**
 * The files of an artifact with the SHA-256 that each must have. Of a folder that only Python wrote
 * just a hash over all files is recorded: they are all read and compared with it now, so that
 * whatever is read later is checked against what they were then.
 *
 * Throws code "damaged" when they do not have the recorded hash, as with an older version of a
 * folder of which Python kept only the latest (COMPAT §5.5).
 */
export async function checkedFiles(
  instance: Instance,
  row: ArtifactRow,
  files: readonly ContentFile[],
  progress: (bytes: number) => void = () => {},
): Promise<readonly ContentFile[]> {
  if (row.n_files === null || files.every(({ sha256 }) => sha256 !== undefined)) return files;
  if (row._hash_type !== folderHashType || row.hash === null) return files;
  if (!liesHere(instance.blobsOf(row.storage_id))) return await asListed(instance, row, files);
  try {
    return await hashedFiles(instance, row, files, progress);
  } catch (error) {
    const isGone = error instanceof FileError && error.code === "ENOENT";
    const damage = isGone ? missingBytes(row, storageKeyOf(row)) : error;
    const isDamage = damage instanceof LaminError && damage.code === "damaged";
    throw isDamage ? await unlessChanged(instance, row, damage) : error;
  }
}

/**
 * The files of a folder on a server, of whose names for their bytes LaminDB made the hash: while it
 * is the same, no file came, went or changed, so that nothing needs to be read for that.
 */
async function asListed(
  instance: Instance,
  row: ArtifactRow,
  files: readonly ContentFile[],
): Promise<readonly ContentFile[]> {
  const hashes = files.map(({ hash }) => hash);
  const isKnown = hashes.every((hash) => hash !== undefined);
  if (isKnown && hashFolder(await instance.host.hashing(), hashes) === row.hash) return files;
  throw otherVersion(row);
}

async function hashedFiles(
  instance: Instance,
  row: ArtifactRow,
  files: readonly ContentFile[],
  progress: (bytes: number) => void,
): Promise<readonly ContentFile[]> {
  const hashes: string[] = [];
  const hashed: ContentFile[] = [];
  for (const file of files) {
    const path = instance.blobsOf(row.storage_id).locate(file.name)!;
    const content = await hashFile(instance.host, path, progress);
    hashes.push(content.hash);
    hashed.push({ ...file, sha256: content.sha256 });
  }
  if (hashFolder(await instance.host.hashing(), hashes) === row.hash) return hashed;
  throw otherVersion(row);
}

function otherVersion(row: ArtifactRow): LaminError {
  return new LaminError(
    "damaged",
    `the files of ${nameOf(row)} are not those of this version (${storageKeyOf(row)})`,
    {
      hint: "Python keeps only the latest version of a folder; 'lamin log' shows the versions",
      data: { uid: row.uid, key: row.key },
    },
  );
}
