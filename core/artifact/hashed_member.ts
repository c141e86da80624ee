import type { ManifestFile } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import { type ContentFile, verifiedBytes } from "./open_content.ts";
import type { ArtifactRow } from "./storage_key.ts";

/**
 * A file of an artifact with what it has, found by reading all of it. Throws code "damaged" where
 * that is not what is recorded.
 */
export async function hashedMember(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
): Promise<ManifestFile> {
  const bytes = verifiedBytes(instance, row, file);
  let size = 0;
  for (;;) {
    const next = await bytes.next();
    if (next.done) return { path: file.path, size, sha256: next.value.sha256 };
    size += next.value.length;
  }
}
