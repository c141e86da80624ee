import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import type { BlobStore } from "../../store/objects/blob_store.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { changeOwnSettings, readOwnSettings } from "./own_settings.ts";
import { isRootBelow } from "./remote_root.ts";
import { SettingsFolder } from "./settings.ts";

/** Opens the store at a root that is the URL of a server or bucket; asks it nothing yet. */
export type OpenRemote = (root: string) => BlobStore;

/**
 * Throws code "denied" for a root that only rows name: a database may come from a stranger, and
 * reading it must not make this machine talk to whomever it pleases. Roots that the user's settings
 * name, and all below them, may be asked.
 */
export function requireNamedByUser(host: Host, root: string): void {
  if (namedRoots(host).some((named) => isRootBelow(named, root))) return;
  throw new LaminError(
    "denied",
    `the bytes lie in ${withoutPassword(root)}, which you never named on this machine`,
    {
      hint: `if you trust it: lamin config set storages '${withoutPassword(root)}'`,
      data: { storage: withoutPassword(root) },
    },
  );
}

/** Notes that the user named a root. */
export function noteNamedByUser(host: Host, root: string): void {
  if (namedRoots(host).some((named) => isRootBelow(named, root))) return;
  changeOwnSettings(host, { storages: [...readOwnSettings(host).storages ?? [], root] });
}

function namedRoots(host: Host): string[] {
  return [
    ...readOwnSettings(host).storages ?? [],
    ...new SettingsFolder(host).instances().map(({ storageRoot }) => storageRoot),
  ];
}
