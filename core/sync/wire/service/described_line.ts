import { LaminError } from "../../../../store/errors.ts";
import type { SourceContent } from "../../contents/source.ts";
import type { Json } from "../json.ts";
import { tellError } from "../wire_error.ts";

/** What is said of the content of an artifact, or why it is not to be had. */
export function describedLine(
  [uid, described]: readonly [string, SourceContent | LaminError],
): Json {
  if (described instanceof LaminError) return { uid, error: tellError(described) };
  const { name, suffix, isFolder, sha256, hash, hashType, size, files } = described;
  return {
    uid,
    name,
    suffix,
    isFolder,
    sha256: sha256 ?? null,
    hash,
    hashType,
    size,
    files: files.map(({ path, size, sha256 }) => [path, size, sha256 ?? null]),
  };
}
