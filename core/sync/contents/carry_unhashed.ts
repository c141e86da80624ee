import { LaminError } from "../../../store/errors.ts";
import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import { hasLaminHash } from "../../identity/cloud_hash.ts";
import type { ContentHash } from "../../identity/content_hasher.ts";
import { folderHashType, hashFolder } from "../../identity/hash.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../../identity/manifest.ts";
import { type CarriedFile, carryFile, type CarryTools, otherBytes } from "./carry_file.ts";
import { objectNameOf } from "./object_name.ts";
import type { SourceContent } from "./source.ts";
import { type StoredContent, storedContent } from "./stored.ts";

/** A content with what is staged of it, by the name that it is to get. */
export interface UnhashedCarried {
  readonly stored: StoredContent;
  readonly staged: ReadonlyMap<string, StagedBlob>;
}

/**
 * Stages a content that only Python wrote, of which nobody knows the SHA-256: that is computed from
 * what was staged, which is compared with LaminDB's hash as far as that says anything of it.
 * Nothing is staged when it throws, as `carryFile` does.
 */
export async function carryUnhashed(
  tools: CarryTools,
  content: SourceContent,
): Promise<UnhashedCarried> {
  const carried: CarriedFile[] = [];
  try {
    for (const file of content.files) {
      const path = tools.source.locate(content.uid, file.path);
      carried.push(await carryFile(tools, content, file, path));
    }
    requireRecorded(tools, content, carried);
  } catch (error) {
    for (const { staged } of carried) tools.batch.drop(staged);
    throw error;
  }
  const files = carried.map(({ size, sha256 }, index): ManifestFile => ({
    path: content.files[index]!.path,
    size,
    sha256,
  }));
  const sha256 = content.isFolder
    ? manifestSha256(tools.hashing, formatManifest(files))
    : files[0]!.sha256;
  const object = objectNameOf(sha256, content.suffix);
  const nameOf = (path: string) => content.isFolder ? `${object}/${path}` : object;
  const staged = new Map(carried.map((one, index) => [nameOf(files[index]!.path), one.staged]));
  return { stored: storedContent(content, object, sha256, files), staged };
}

/** Throws code "damaged" when the bytes are not those that LaminDB hashed. */
function requireRecorded(
  tools: CarryTools,
  content: SourceContent,
  carried: readonly CarriedFile[],
): void {
  const { hash, hashType } = content;
  if (hash === null) return;
  if (content.isFolder) {
    const hashes = carried.map((one) => one.hash!);
    const isHere = tools.source.locate(content.uid, content.files[0]!.path) !== undefined;
    // On a server, LaminDB made it from names for the bytes: the source compares those.
    if (!isHere || hashType !== folderHashType) return;
    if (hashFolder(tools.hashing, hashes) === hash) return;
    throw new LaminError(
      "damaged",
      `the files of ${content.name} are not those of this version at the source`,
      {
        hint: "Python keeps only the latest version of a folder",
        data: { uid: content.uid },
      },
    );
  }
  const found = carried[0] as CarriedFile & ContentHash;
  // An MD5 of large content only a server made: the source compares it as the bytes pass.
  if (hasLaminHash({ hash, hashType }, found, undefined) === false) {
    throw otherBytes(content, content.files[0]!);
  }
}
