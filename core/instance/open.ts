import { type DatabaseAddress, shownAddress } from "../../store/database/address.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { isAbsolute } from "../../store/path.ts";
import type { Registry } from "../registry/registry.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { findInstance, type InstanceLocation } from "./find.ts";
import { Instance } from "./instance.ts";
import { readMark, type StorageMark } from "./mark.ts";
import { requireOwnLog } from "./own_log.ts";
import type { OpenRemote } from "./reach.ts";
import { readSchemaVersion } from "./schema_version.ts";
import { SettingsFolder } from "./settings.ts";

export interface OpenOptions {
  /** A folder or slug, instead of what is found from the working directory. */
  readonly wanted?: string | undefined;
  /** Never change rows, even where one could. */
  readonly readOnly?: boolean;
  /** Read it beside another one, and leave no trace where it lies. */
  readonly isForeign?: boolean;
  /** All registries; asked for only when the database is older or newer than this program. */
  readonly loadRegistries: () => Promise<readonly Registry[]>;
  /** Asked for only when some storage is not on this machine. */
  readonly loadRemotes: () => Promise<OpenRemote>;
}

/**
 * Finds and opens an instance. Throws code "no_instance" when there is none, "damaged" when its
 * database cannot be read.
 */
export async function openInstance(host: Host, options: OpenOptions): Promise<Instance> {
  const location = findInstance(host, host.workingDirectory(), options.wanted);
  const { database: address } = location;
  if (!options.readOnly && address.kind === "sqlite") await requireOwnLog(host, address.path);
  const database = await connectDatabase(host, address, {
    readOnly: options.readOnly ?? false,
    isForeign: options.isForeign ?? false,
  });
  try {
    const schema = await database.read(async (reader) => {
      if (!(await reader.hasTable(storage.name))) throw notAnInstance(address);
      return await readSchemaVersion(reader);
    });
    if (schema.state !== "known") {
      const { showAsKnown } = await import("./other_schema.ts");
      await showAsKnown(database, await options.loadRegistries());
    }
    const storages = await database.read((reader) => reader.select(storage, "TRUE ORDER BY id"));
    return new Instance({
      host,
      location,
      database,
      schema,
      settings: new SettingsFolder(host),
      mark: markAt(host, location),
      storages,
      ...(storages.some(({ root }) => !isAbsolute(root)) || !isAbsolute(location.root)
        ? { openRemote: await options.loadRemotes() }
        : {}),
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A bucket's mark says what the settings that led to it say. */
function markAt(host: Host, { root, settings }: InstanceLocation): StorageMark | undefined {
  const mark = isAbsolute(root) ? readMark(host, root) : undefined;
  if (mark !== undefined || settings === undefined) return mark;
  const { owner, name, id } = settings;
  return { storageUid: undefined, owner, name, instanceId: id, instanceUid: undefined };
}

/** An empty file is a sound SQLite database, and what is left when a disk was full. */
function notAnInstance(address: DatabaseAddress): LaminError {
  const path = shownAddress(address);
  if (address.kind === "postgres") {
    return new LaminError("damaged", `${path} has none of LaminDB's tables`, {
      hint: "'lamin init --db' makes them in an empty database",
      data: { path },
    });
  }
  return new LaminError("damaged", `${path} has none of LaminDB's tables`, {
    hint: "restore it from a copy; the objects beside it are unharmed",
    data: { path },
  });
}
