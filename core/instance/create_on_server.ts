import { isPostgresUrl } from "../../store/database/address.ts";
import { connectDatabase } from "../../store/database/connect_database.ts";
import type { Reader, Writer } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Hashing, Host } from "../../store/host/host.ts";
import { withoutPassword } from "../../store/without_password.ts";
import { randomBase62 } from "../identity/base62.ts";
import { storage } from "../registry/lamindb/storage.ts";
import { sideTables } from "../side_tables.ts";
import type { CreatedInstance, CreateRequest } from "./create.ts";
import { insertDefaultRows } from "./default_rows.ts";
import { alreadyThere } from "./new_database.ts";
import { type InstancePlan, makeWithSettings, planWithSettings } from "./made_with_settings.ts";
import { type InstanceSettings, SettingsFolder } from "./settings.ts";

/**
 * Makes an instance whose rows are in a Postgres database, which must be there and have none of
 * LaminDB's tables; its bytes are in a folder or a bucket. All tables and first rows come in one
 * transaction; what a death after that left undone is done by the next call with the same name.
 *
 * Throws code "conflict" when there is an instance already in the folder, in the database or under
 * the slug, "denied" when the settings, which alone know the server, cannot be written.
 */
export async function createOnServer(
  host: Host,
  request: CreateRequest & { readonly databaseUrl: string },
): Promise<CreatedInstance> {
  const { databaseUrl } = request;
  requireServer(databaseUrl);
  const plan = await planWithSettings(host, request, nameInUrl(databaseUrl), databaseUrl);
  if (await plan.place.hasDatabase()) throw alreadyThere(plan.place.root);
  return await makeWithSettings(host, plan, () => makeTables(host, request, plan));
}

function requireServer(databaseUrl: string): void {
  if (isPostgresUrl(databaseUrl)) return;
  throw new LaminError("usage", `${withoutPassword(databaseUrl)} is no URL of a server`, {
    hint: "give one such as --db postgresql://user@host:5432/atlas; without --db rows go to SQLite",
  });
}

/** Python takes the name of the database (COMPAT §1.4). */
function nameInUrl(url: string): string {
  const path = url.replace(/[?#].*$/s, "");
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
}

/** Gives the uid of the storage: a new one, or that of an earlier call that died afterwards. */
async function makeTables(
  host: Host,
  request: CreateRequest & { readonly databaseUrl: string },
  plan: InstancePlan,
): Promise<string> {
  const { settings, uid } = plan;
  const url = request.databaseUrl;
  const database = await connectDatabase(host, { kind: "postgres", url });
  try {
    const hashing = await host.hashing();
    const storageUid = randomBase62(host, 12);
    return await database.write(async (writer) => {
      if (await writer.hasTable(storage.name)) {
        return await ownStorageUid(writer, settings, uid, url);
      }
      await fill(host, hashing, request, { ...plan, storageUid }, writer);
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
  made: InstancePlan & { readonly storageUid: string },
  writer: Writer,
): Promise<void> {
  const { serverRules } = await import("./server_rules.ts");
  const { settings, place, uid, storageUid } = made;
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
      root: place.root,
      type: place.type,
      region: null,
      instanceUid: uid,
    },
    modules: request.cloneOf === undefined ? wanted : [],
    knownModules: wanted,
    now: host.now(),
  });
}
