import type { Host } from "../../store/host/host.ts";
import { dirname, join } from "../../store/path.ts";
import { SettingsFolder } from "./settings.ts";

/** Files in `.lamin/` of a folder, besides the marker, that speak of its instance (COMPAT §1.1). */
const companions = ["branch", "space"] as const;

/** Takes back `connect` for all folders; gives the file that was removed, if there was one. */
export function disconnect(host: Host): string | undefined {
  return new SettingsFolder(host).removeCurrentInstance();
}

/**
 * Takes the marker, with the branch and space chosen beside it, out of the nearest folder upward
 * that has one; gives the marker's path, if there was one. Data and instance stay as they are.
 */
export function disconnectHere(host: Host, from: string): string | undefined {
  const { markerName } = new SettingsFolder(host);
  const home = host.homeDirectory();
  for (let folder = from; folder !== home; folder = dirname(folder)) {
    const marker = join(folder, ".lamin", markerName);
    if (host.files.lstat(marker)?.kind === "file" && isOwnFolder(host, folder)) {
      for (const companion of companions) {
        removeIfThere(host, marker.replace(/instance$/, companion));
      }
      host.files.remove(marker);
      const own = dirname(marker);
      if (host.files.readDirectory(own).length === 0) host.files.remove(own);
      return marker;
    }
    if (folder === dirname(folder)) break;
  }
  return undefined;
}

/** Nothing is removed through a link. */
function isOwnFolder(host: Host, folder: string): boolean {
  return host.files.lstat(join(folder, ".lamin"))?.kind === "directory";
}

function removeIfThere(host: Host, path: string): void {
  if (host.files.lstat(path) !== null) host.files.remove(path);
}
