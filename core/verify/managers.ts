import { LaminError } from "../../store/errors.ts";
import { isAbsolute } from "../../store/path.ts";
import { instanceUid } from "../identity/instance_id.ts";
import { identityOf } from "../instance/identity.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { openInstance } from "../instance/open.ts";
import { slugOf } from "../instance/settings.ts";
import { openRemoteInstance, type OpenRemoteOptions } from "../sync/remote/open_remote.ts";
import { remotesOf } from "../sync/remote/remotes.ts";

/**
 * The instances that manage storages in which artifacts of this one lie, as far as they can be
 * opened: through the user's settings, a remote, or as the folder that the storage is. Each is
 * looked for once, is only read, and is its when it says so itself.
 */
export class Managers {
  readonly #known = new Map<string, Instance | undefined>();
  readonly #opened = new Set<Instance>();

  constructor(
    private readonly instance: Instance,
    private readonly options: Omit<OpenRemoteOptions, "readOnly">,
  ) {}

  /** The one that manages a storage; undefined where it cannot be opened. */
  async of({ instance_uid: uid, root }: StorageRow): Promise<Instance | undefined> {
    if (uid === null) return undefined;
    if (!this.#known.has(uid)) this.#known.set(uid, await this.#find(uid, root));
    return this.#known.get(uid);
  }

  async close(): Promise<void> {
    for (const instance of this.#opened) await instance.close();
  }

  async #find(uid: string, root: string): Promise<Instance | undefined> {
    const { host, settings } = this.instance;
    const hashing = await host.hashing();
    for (const known of settings.instances()) {
      if (instanceUid(hashing, known.id) !== uid) continue;
      const found = await this.#openedAs(uid, () =>
        openInstance(host, {
          ...this.options,
          wanted: slugOf(known),
          readOnly: true,
          isForeign: true,
        }));
      if (found !== undefined) return found;
    }
    const urls = (remotesOf(this.instance)).map(({ url }) => url);
    for (const url of isAbsolute(root) ? [root, ...urls] : urls) {
      const open = () => openRemoteInstance(host, url, { ...this.options, readOnly: true });
      const found = await this.#openedAs(uid, open);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Undefined where it cannot be opened or is another one. */
  async #openedAs(uid: string, open: () => Promise<Instance>): Promise<Instance | undefined> {
    try {
      const found = await open();
      this.#opened.add(found);
      return (await identityOf(found)).uid === uid ? found : undefined;
    } catch (error) {
      if (error instanceof LaminError) return undefined;
      throw error;
    }
  }
}
