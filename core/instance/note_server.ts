import { type DatabaseAddress, shownAddress } from "../../store/database/address.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { isAbsolute } from "../../store/path.ts";
import type { Module } from "../module.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { readMarkIn } from "../storage/stored_mark.ts";
import { readMark, type StorageMark } from "./mark.ts";
import { type OpenRemote, requireNamedByUser } from "./reach.ts";
import { type InstanceSettings, SettingsFolder, slugOf } from "./settings.ts";
import { isSlugPart } from "./slug_part.ts";

export interface NoteServerRequest {
  /** URL of a Postgres database that holds the rows of an instance. */
  readonly url: string;
  readonly knownModules: readonly Module[];
  readonly openRemote: OpenRemote;
}

/**
 * Notes in the user's settings an instance whose rows somebody keeps on a server, so that its slug
 * leads there; gives the slug. How it is called stands in the mark of its storage, which the rows
 * name: a bucket is only asked when the user named it as well.
 *
 * Throws code "no_instance" for a database without LaminDB's tables, "denied" for a bucket that was
 * not named, "conflict" when the slug is another instance's here, "failed" when nothing says how
 * the instance is called.
 */
export async function noteServer(host: Host, request: NoteServerRequest): Promise<string> {
  const { url, openRemote } = request;
  const address = { kind: "postgres", url } as const;
  const { root, uid, modules } = await readServer(host, address, request);
  if (!isAbsolute(root)) requireNamedByUser(host, root);
  const mark = isAbsolute(root) ? readMark(host, root) : await readMarkIn(openRemote(root));
  if (mark?.storageUid !== uid) throw unnamed(address, root);
  const settings = settingsOf(mark, root, url, modules);
  if (settings === undefined) throw unnamed(address, root);
  const folder = new SettingsFolder(host);
  const known = folder.instance(settings.owner, settings.name);
  if (known !== undefined && known.id !== settings.id) throw taken(known);
  folder.writeInstance(settings);
  return slugOf(settings);
}

async function readServer(
  host: Host,
  address: DatabaseAddress,
  { knownModules }: NoteServerRequest,
): Promise<{ root: string; uid: string; modules: readonly string[] }> {
  const database = await connectDatabase(host, address, { readOnly: true });
  try {
    return await database.read(async (reader) => {
      const [own] = await reader.hasTable(storage.name)
        ? await reader.select(storage, "instance_uid IS NOT NULL ORDER BY id LIMIT 1")
        : [];
      if (own === undefined) throw empty(address);
      return { root: own.root, uid: own.uid, modules: await modulesOf(reader, knownModules) };
    });
  } finally {
    await database.close();
  }
}

/** On a server only modules that are switched on have tables (COMPAT §2.1). */
async function modulesOf(reader: Reader, known: readonly Module[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, registries } of known) {
    const [first] = registries;
    if (first !== undefined && await reader.hasTable(first.name)) found.push(name);
  }
  return found;
}

function settingsOf(
  { owner, name, instanceId }: StorageMark,
  storageRoot: string,
  databaseUrl: string,
  modules: readonly string[],
): InstanceSettings | undefined {
  if (!isSlugPart(owner) || !isSlugPart(name) || instanceId === undefined) return undefined;
  return { owner, name, id: instanceId, storageRoot, databaseUrl, modules };
}

function empty(address: DatabaseAddress): LaminError {
  return new LaminError("no_instance", `there is no instance in ${shownAddress(address)}`, {
    hint: "'lamin init --db' makes one there",
  });
}

function unnamed(address: DatabaseAddress, root: string): LaminError {
  return new LaminError(
    "failed",
    `nothing says how the instance in ${shownAddress(address)} is called`,
    {
      hint:
        `its storage ${root} should have a mark '.lamindb/storage_uid.txt' that can be read here`,
      data: { root },
    },
  );
}

function taken(known: InstanceSettings): LaminError {
  return new LaminError(
    "conflict",
    `${slugOf(known)} is another instance here, in ${known.storageRoot}`,
    {
      hint: "keep settings of their own for the two with LAMIN_SETTINGS_DIR",
      data: { slug: slugOf(known) },
    },
  );
}
