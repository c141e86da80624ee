import { LaminError } from "../../../../store/errors.ts";
import type { ContentSource, SourceContent } from "../../contents/source.ts";
import type { Json } from "../json.ts";
import { tellError } from "../wire_error.ts";

/** Artifacts that are described together. */
const describedTogether = 100;

/** What is said of the contents of artifacts. */
export async function* describedLines(
  contents: ContentSource,
  uids: readonly string[],
): AsyncGenerator<Json> {
  for (let start = 0; start < uids.length; start += describedTogether) {
    const described = await contents.describe(uids.slice(start, start + describedTogether));
    for (const one of described) yield lineOf(one);
  }
}

/** What is said of the content of an artifact, or why it is not to be had. */
function lineOf(
  [uid, described]: readonly [string, SourceContent | LaminError],
): Json {
  if (described instanceof LaminError) return { uid, error: tellError(described) };
  const { name, suffix, isFolder, isElsewhere, sha256, hash, hashType, size, files } = described;
  return {
    uid,
    name,
    suffix,
    isFolder,
    isElsewhere: isElsewhere ?? false,
    sha256: sha256 ?? null,
    hash,
    hashType,
    size,
    files: files.map(({ path, size, sha256 }) => [path, size, sha256 ?? null]),
  };
}
