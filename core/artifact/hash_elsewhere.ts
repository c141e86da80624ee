import { LaminError } from "../../store/errors.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import { formatManifest, type ManifestFile, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import type { Content } from "./content.ts";
import { type ContentFile, contentFiles, verifiedBytes } from "./open_content.ts";
import type { ArtifactRow } from "./storage_key.ts";

/** The content of an artifact on a server, by reading all of it; undefined when it is gone. */
export async function hashElsewhere(
  instance: Instance,
  row: ArtifactRow,
): Promise<Content | undefined> {
  try {
    const files = await contentFiles(instance, row);
    const hashed = await concurrently(
      files,
      requestsAtOnce,
      (file) => hashOne(instance, row, file),
    );
    if (row.n_files === null) return { sha256: hashed[0]!.sha256, isFolder: false };
    const hashing = await instance.host.hashing();
    return { sha256: manifestSha256(hashing, formatManifest(hashed)), isFolder: true };
  } catch (error) {
    if (error instanceof LaminError && error.code === "damaged") return undefined;
    throw error;
  }
}

async function hashOne(
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
