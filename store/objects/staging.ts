import type { FileStat, Host } from "../host/host.ts";
import { join } from "../path.ts";
import { isLeftOver, isNameOfProcess, isOfDeadProcess, nameOfProcess } from "../process_name.ts";
import type { UnfinishedBatch } from "./blob_store.ts";
import { ifThere } from "./if_there.ts";

/** Where staged blobs lie until they are published, relative to the location. */
export const stagingFolder = ".lamindb/objects/staging";

/** The file in the folder of a batch whose time tells when it was begun. */
const beginName = "begun";

/** A name for the folder of a new batch, below the staging folder; it tells whose it is. */
export function newBatchName(host: Host): string {
  return nameOfProcess(host);
}

/** Notes in the folder of a batch when it was begun. */
export function noteBegin(host: Host, folder: string): void {
  host.files.writeFile(join(folder, beginName), new Uint8Array(), { createNew: true });
}

/** The batches whose folders are there; `path` is the absolute path of the staging folder. */
export function unfinishedBatches(host: Host, path: string): UnfinishedBatch[] {
  return batchNames(host, path)
    .flatMap((name) => ifThere(() => describe(host, join(path, name), name)) ?? []);
}

/** The absolute paths of the folders of batches whose processes are known to be dead. */
export function deadBatches(host: Host, path: string): string[] {
  return batchNames(host, path)
    .filter((name) => isOfDeadProcess(host, name))
    .map((name) => join(path, name));
}

function batchNames(host: Host, path: string): string[] {
  // Only a folder of its own: what a link leads to is not ours to remove.
  if (host.files.lstat(path)?.kind !== "directory") return [];
  return host.files.readDirectory(path)
    .filter(({ name, kind }) => kind === "directory" && isNameOfProcess(name))
    .map(({ name }) => name);
}

function describe(host: Host, folder: string, name: string): UnfinishedBatch {
  const own = host.files.lstat(folder);
  const stats = [own, ...statsBelow(host, folder)].filter((stat) => stat !== null);
  const touchedMs = Math.max(...stats.map((stat) => Math.max(stat.modifiedMs, stat.changedMs)));
  const begunMs = host.files.lstat(join(folder, beginName))?.modifiedMs ?? own?.modifiedMs ?? 0;
  return {
    name: `${stagingFolder}/${name}/`,
    size: stats.reduce((sum, stat) => stat.kind === "file" ? sum + stat.size : sum, 0),
    begunAt: new Date(begunMs),
    isAbandoned: isLeftOver(host, name, () => touchedMs),
  };
}

/** Of all files and folders below, links not followed. */
function statsBelow(host: Host, folder: string): (FileStat | null)[] {
  return host.files.readDirectory(folder).flatMap(({ name, kind }) => {
    const path = join(folder, name);
    const below = kind === "directory" ? ifThere(() => statsBelow(host, path)) ?? [] : [];
    return [host.files.lstat(path), ...below];
  });
}
