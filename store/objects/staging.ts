import type { FileStat, Host } from "../host/host.ts";
import { join } from "../path.ts";
import type { UnfinishedBatch } from "./blob_store.ts";
import { ifThere } from "./if_there.ts";
import { isProcessAlive, processMark } from "./process_mark.ts";

/** Where staged blobs lie until they are published, relative to the location. */
export const stagingFolder = ".lamindb/objects/staging";

/** The file in the folder of a batch that tells whose it is. */
const ownerName = "owner";

/** Names that batches give to their folders. */
const batchName = /^[0-9a-f]{16}$/;

/** A batch of a process of which nothing is known is taken for dead when it rested this long. */
const restMs = 24 * 60 * 60 * 1000;

/** A name for the folder of a new batch, below the staging folder. */
export function newBatchName(host: Host): string {
  return host.randomBytes(8).toHex();
}

/** Notes in the folder of a batch which process it belongs to. */
export function claimBatch(host: Host, folder: string): void {
  const mark = new TextEncoder().encode(processMark(host));
  host.files.writeFile(join(folder, ownerName), mark, { createNew: true });
}

/** The batches whose folders are there; `path` is the absolute path of the staging folder. */
export function unfinishedBatches(host: Host, path: string): UnfinishedBatch[] {
  // Only a folder of its own: what a link leads to is not ours to remove.
  if (host.files.lstat(path)?.kind !== "directory") return [];
  return host.files.readDirectory(path)
    .filter(({ name, kind }) => kind === "directory" && batchName.test(name))
    .flatMap(({ name }) => ifThere(() => describe(host, join(path, name), name)) ?? []);
}

function describe(host: Host, folder: string, name: string): UnfinishedBatch {
  const own = host.files.lstat(folder);
  const owner = join(folder, ownerName);
  const stats = [own, ...statsBelow(host, folder)].filter((stat) => stat !== null);
  const begunMs = host.files.lstat(owner)?.modifiedMs ?? own?.modifiedMs ?? 0;
  const touchedMs = Math.max(...stats.map((stat) => Math.max(stat.modifiedMs, stat.changedMs)));
  const mark = ifThere(() => new TextDecoder().decode(host.files.readFile(owner)));
  const alive = mark === undefined ? undefined : isProcessAlive(host, mark);
  return {
    name: `${stagingFolder}/${name}/`,
    size: stats.reduce((sum, stat) => stat.kind === "file" ? sum + stat.size : sum, 0),
    begunAt: new Date(begunMs),
    isAbandoned: alive === undefined ? host.now().getTime() - touchedMs > restMs : !alive,
  };
}

/** Of all files and folders below, links not followed; the owner's note left out. */
function statsBelow(host: Host, folder: string): (FileStat | null)[] {
  return host.files.readDirectory(folder).flatMap(({ name, kind }) => {
    if (name === ownerName) return [];
    const path = join(folder, name);
    const below = kind === "directory" ? ifThere(() => statsBelow(host, path)) ?? [] : [];
    return [host.files.lstat(path), ...below];
  });
}
