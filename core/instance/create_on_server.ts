import { isPostgresUrl } from "../../store/database/address.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import type { Reader, Writer } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Hashing, Host } from "../../store/host/host.ts";
import { makeFolderOnce } from "../../store/host/shared_access.ts";
import { dirname, join, resolve } from "../../store/path.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { randomBase62 } from "../identity/base62.ts";
import { instanceId, instanceUid } from "../identity/instance_id.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { sideTables } from "../side_tables.ts";
import type { CreatedInstance, CreateRequest } from "./create.ts";
import { insertDefaultRows } from "./default_rows.ts";
import { locationIn } from "./find.ts";
import { markText, readMark, writeMark } from "./mark.ts";
import { alreadyThere } from "./new_database.ts";
import { checkedModules, folderPath, refuseNested, requireName, writeMarker } from "./new_place.ts";
import { type InstanceSettings, SettingsFolder, slugOf } from "./settings.ts";

/**
 * Makes an instance whose rows are in a Postgres database, which must be there and have none of
 * LaminDB's tables; its bytes are in a folder. All tables and first rows come in one transaction;
 * what a death after that left undone is done by the next call with the same name.
 *
 * Throws code "conflict" when there is an instance already in the folder, in the database or under
 * the slug, "denied" when the settings, which alone know the server, cannot be written.
 */
export async function createOnServer(
  host: Host,
  request: CreateRequest & { readonly databaseUrl: string },
): Promise<CreatedInstance> {
  const settingsFolder = new SettingsFolder(host);
  const { settings, workTree, uid } = await planned(host, settingsFolder, request);
  const { storageRoot: root } = settings;
  refuseHarm(host, settingsFolder, settings, workTree, uid);
  for (const folder of [workTree, root]) host.files.makeDirectory(folder, { recursive: true });
  const storageUid = await makeTables(host, request, settings, uid);
  // Before the marks: without these settings they lead nowhere.
  const written = settingsFolder.writeInstance(settings);
  makeFolderOnce(host.files, join(root, ".lamindb"));
  const slug = slugOf(settings);
  writeMark(
    host,
    root,
    markText({ storageUid, slug, instanceId: settings.id, instanceUid: uid }),
  );
  writeMarker(host, settingsFolder, workTree, slug);
  for (const folder of [root, workTree, dirname(root)]) host.files.flushDirectory(folder);
  return { slug, id: settings.id, uid, root, workTree, settings: written };
}

async function planned(
  host: Host,
  settingsFolder: SettingsFolder,
  request: CreateRequest & { readonly databaseUrl: string },
): Promise<{ settings: InstanceSettings; workTree: string; uid: string }> {
  const { databaseUrl } = request;
  if (!isPostgresUrl(databaseUrl)) {
    throw new LaminError("usage", `${withoutPassword(databaseUrl)} is no URL of a server`, {
      hint:
        "give one such as --db postgresql://user@host:5432/atlas; without --db rows go to SQLite",
    });
  }
  const from = host.workingDirectory();
  const workTree = folderPath(host, resolve(from, request.folder));
  const root = request.storage === undefined
    ? workTree
    : folderPath(host, resolve(from, request.storage));
  const { handle: owner } = settingsFolder.currentUser();
  const name = request.name ?? nameInUrl(databaseUrl);
  requireName(name);
  const hashing = await host.hashing();
  const id = instanceId(hashing, `${owner}/${name}`);
  const modules = checkedModules(request);
  return {
    settings: { owner, name, storageRoot: root, databaseUrl, modules, id },
    workTree,
    uid: instanceUid(hashing, id),
  };
}

/** Python takes the name of the database (COMPAT §1.4). */
function nameInUrl(url: string): string {
  const path = url.replace(/[?#].*$/s, "");
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
}

function refuseHarm(
  host: Host,
  settingsFolder: SettingsFolder,
  settings: InstanceSettings,
  workTree: string,
  uid: string,
): void {
  const { owner, name, storageRoot: root, databaseUrl } = settings;
  if (locationIn(host, root) !== undefined) throw alreadyThere(root);
  const mark = readMark(host, root);
  if (mark !== undefined && mark.instanceUid !== uid) throw alreadyThere(root);
  refuseNested(host, root);
  const known = settingsFolder.instance(owner, name);
  if (known === undefined) return;
  if (known.storageRoot !== root || known.databaseUrl !== databaseUrl) {
    throw new LaminError("conflict", `${owner}/${name} is the instance in ${known.storageRoot}`, {
      hint: "choose another name with --name",
      data: { slug: `${owner}/${name}` },
    });
  }
  const marker = join(workTree, ".lamin", settingsFolder.markerName);
  const isWhole = mark !== undefined && host.files.stat(marker) !== null;
  if (isWhole) throw alreadyThere(root);
}

/** Gives the uid of the storage: a new one, or that of an earlier call that died afterwards. */
async function makeTables(
  host: Host,
  request: CreateRequest & { readonly databaseUrl: string },
  settings: InstanceSettings,
  uid: string,
): Promise<string> {
  const url = request.databaseUrl;
  const database = await connectDatabase(host, { kind: "postgres", url });
  try {
    const hashing = await host.hashing();
    const storageUid = randomBase62(host, 12);
    return await database.write(async (writer) => {
      if (await writer.hasTable(storage.name)) {
        return await ownStorageUid(writer, settings, uid, url);
      }
      await fill(host, hashing, request, { settings, uid, storageUid }, writer);
      return storageUid;
    });
  } finally {
    await database.close();
  }
}

async function ownStorageUid(
  reader: Reader,
  { storageRoot }: InstanceSettings,
  uid: string,
  url: string,
): Promise<string> {
  const condition = "instance_uid = ? AND root = ?";
  const [row] = await reader.select(storage, condition, [uid, storageRoot]);
  if (row !== undefined) return row.uid;
  throw new LaminError("conflict", `there is an instance in ${withoutPassword(url)} already`, {
    hint:
      "'lamin connect' uses it; for a new one make an empty database, for example by 'createdb'",
  });
}

/** As Python does, only the tables of modules that are switched on (COMPAT §2.1). */
async function fill(
  host: Host,
  hashing: Hashing,
  request: CreateRequest,
  made: { settings: InstanceSettings; uid: string; storageUid: string },
  writer: Writer,
): Promise<void> {
  const { serverRules } = await import("./server_rules.ts");
  const { settings, uid, storageUid } = made;
  const wanted = request.knownModules.filter(({ name }) => settings.modules.includes(name));
  const left = new Set(
    request.knownModules.filter((module) => !wanted.includes(module))
      .flatMap(({ registries }) => registries),
  );
  const registries = request.registries.filter((registry) => !left.has(registry));
  const md5 = (bytes: Uint8Array) => hashing.digest("md5", bytes);
  await writer.script([
    ...await writer.dialect.createStatements([...registries, ...sideTables], md5),
    ...serverRules(registries),
  ]);
  await insertDefaultRows(writer, {
    user: new SettingsFolder(host).currentUser(),
    storage: {
      uid: storageUid,
      root: settings.storageRoot,
      type: "local",
      region: null,
      instanceUid: uid,
    },
    modules: wanted,
    knownModules: wanted,
    now: host.now(),
  });
}
