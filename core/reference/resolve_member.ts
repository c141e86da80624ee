import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { notFound } from "./not_found.ts";
import { findArtifact } from "./resolve.ts";

/** An artifact, or a file in one that is a folder. */
export interface ArtifactMember {
  readonly row: ArtifactRow;
  /** Path below the folder. */
  readonly member: string | undefined;
}

/**
 * What a reference means that may go on into a folder artifact, as `imaging/run7/plate1.tif` or
 * `imaging/run7@1/plate1.tif`. Whether the folder has such a file is not asked.
 *
 * Throws code "not_found" or "ambiguous".
 */
export async function resolveMember(
  instance: Instance,
  reader: Reader,
  reference: string,
): Promise<ArtifactMember> {
  const whole = await attempt(findArtifact(instance, reader, reference, "live"));
  if (whole.row !== undefined) return { row: whole.row, member: undefined };
  let failure = whole.failure;
  for (let end = reference.lastIndexOf("/"); end > 0; end = reference.lastIndexOf("/", end - 1)) {
    const folder = await attempt(findArtifact(instance, reader, reference.slice(0, end), "live"));
    const member = reference.slice(end + 1);
    if (folder.row !== undefined && folder.row.n_files !== null && member !== "") {
      return { row: folder.row, member };
    }
    failure = folder.failure ?? failure;
  }
  throw failure ?? await notFound(reader, reference, "live");
}

/** A slash after `@` looks like part of a version until the folder before it is found. */
async function attempt(
  finding: Promise<ArtifactRow | undefined>,
): Promise<{ row?: ArtifactRow | undefined; failure?: LaminError }> {
  try {
    return { row: await finding };
  } catch (error) {
    if (error instanceof LaminError && error.code === "not_found") return { failure: error };
    throw error;
  }
}
