import { LaminError } from "../../store/errors.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import { formatManifest, manifestSha256 } from "../identity/manifest.ts";
import type { Instance } from "../instance/instance.ts";
import type { Content } from "./content.ts";
import { hashedMember } from "./hashed_member.ts";
import { contentFiles } from "./open_content.ts";
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
      (file) => hashedMember(instance, row, file),
    );
    if (row.n_files === null) return { sha256: hashed[0]!.sha256, isFolder: false };
    const hashing = await instance.host.hashing();
    return { sha256: manifestSha256(hashing, formatManifest(hashed)), isFolder: true };
  } catch (error) {
    if (error instanceof LaminError && error.code === "damaged") return undefined;
    throw error;
  }
}
