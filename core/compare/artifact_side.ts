import { hashedMember } from "../artifact/hashed_member.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import { checkedFiles } from "../artifact/checked_files.ts";
import { type ContentFile, contentFiles, nameOf, openFile } from "../artifact/open_content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { ManifestFile } from "../identity/manifest.ts";
import { versionSuffix } from "../identity/uid.ts";
import type { Instance } from "../instance/instance.ts";
import type { Side } from "./side.ts";
import { verifiedSource } from "./verified_source.ts";

/**
 * A version of an artifact as one side of a comparison. Throws code "damaged" when its bytes are
 * gone, or when the files of a folder that Python wrote are not those of the version.
 */
export async function artifactSide(instance: Instance, row: ArtifactRow): Promise<Side> {
  const files = await checkedFiles(instance, row, await contentFiles(instance, row));
  if (row.n_files === null) {
    const file = files[0]!;
    return {
      kind: "file",
      size: file.size ?? await sizeOf(instance, row, file),
      sha256: () => Promise.resolve(file.sha256),
      source: () => verifiedSource(instance, row, file, nameOf(row)),
    };
  }
  const isHere = liesHere(instance.blobsOf(row.storage_id));
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    kind: "folder",
    size: row.size ?? files.reduce((sum, file) => sum + (file.size ?? 0), 0),
    files: () =>
      concurrently(files, isHere ? 1 : requestsAtOnce, (file) => member(instance, row, file)),
    source: (path) => verifiedSource(instance, row, byPath.get(path)!, path),
  };
}

/** `raw/a.csv@0001`: the key, or the uid where there is none, with the version. */
export function versionName(row: ArtifactRow): string {
  return `${nameOf(row)}@${row.version_tag ?? versionSuffix(row.uid)}`;
}

/** A file of a folder of which neither lamin nor Python recorded hashes tells what it is itself. */
async function member(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<ManifestFile> {
  const { path, size, sha256 } = file;
  if (size !== null && sha256 !== undefined) return { path, size, sha256 };
  return await hashedMember(instance, row, file);
}

async function sizeOf(instance: Instance, row: ArtifactRow, file: ContentFile): Promise<number> {
  const reader = await openFile(instance, row, file);
  try {
    return reader.size;
  } finally {
    reader.close();
  }
}
