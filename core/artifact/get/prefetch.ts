import { LaminError } from "../../../store/errors.ts";
import { openCache } from "../../cache/open_cache.ts";
import { concurrently, requestsAtOnce } from "../../concurrently.ts";
import type { Instance } from "../../instance/instance.ts";
import { liesHere } from "../lies_here.ts";
import { type ContentFile, verifiedBytes } from "../open_content.ts";
import { isCached } from "../open_elsewhere.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { PlannedArtifact } from "./plan.ts";

/**
 * Files up to this size are fetched many at a time; of larger ones each has requests of its own.
 */
const smallBytesMax = 4 * 1024 * 1024;
/** How many files are fetched before they are written, and how much they may be together. */
const filesMax = 500;
const bytesMax = 256 * 1024 * 1024;

interface Wanted {
  readonly row: ArtifactRow;
  readonly file: ContentFile;
}

/** Artifacts in groups that are worth being fetched together. */
export function* fetchGroups(
  planned: readonly PlannedArtifact[],
): Generator<PlannedArtifact[], void> {
  let group: PlannedArtifact[] = [];
  let count = 0;
  for (const one of planned) {
    group.push(one);
    count += one.files.length;
    if (count < filesMax) continue;
    yield group;
    [group, count] = [[], 0];
  }
  if (group.length > 0) yield group;
}

/**
 * Fetches small files that lie on servers into the cache, many at a time, so that they do not wait
 * for each other when they are written one by one. What fails fails again then.
 */
export async function prefetch(
  instance: Instance,
  planned: readonly PlannedArtifact[],
): Promise<void> {
  const wanted: Wanted[] = [];
  for (const { row, files, fault } of planned) {
    if (fault !== undefined || liesHere(instance.blobsOf(row.storage_id))) continue;
    for (const { file, action } of files) {
      if (action === "write" && (file.size ?? Infinity) <= smallBytesMax) {
        wanted.push({ row, file });
      }
    }
  }
  let room = Math.min(bytesMax, openCache(instance.host).bytesMax / 2);
  const fitting = wanted.filter(({ file }) => (room -= file.size!) >= 0);
  if (fitting.length < 2) return;
  await concurrently(fitting, requestsAtOnce, (one) => fetchOne(instance, one));
}

async function fetchOne(instance: Instance, { row, file }: Wanted): Promise<void> {
  try {
    if (await isCached(instance, row, file)) return;
    for await (const _ of verifiedBytes(instance, row, file));
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
  }
}
