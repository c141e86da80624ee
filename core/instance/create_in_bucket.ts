import { putNewDatabase } from "../../store/database/bucket/open_bucket_database.ts";
import { leaveLog } from "../../store/database/locks_work.ts";
import { removeDatabase } from "../../store/database/create_database.ts";
import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { join } from "../../store/path.ts";
import { temporaryName } from "../../store/temporary_name.ts";
import { defaultCacheFolder } from "../cache/open_cache.ts";
import { randomBase62 } from "../identity/base62.ts";
import type { CreatedInstance, CreateRequest } from "./create.ts";
import { markText } from "./mark.ts";
import { type InstancePlan, makeWithSettings, planWithSettings } from "./made_with_settings.ts";
import { alreadyThere, buildDatabase } from "./new_database.ts";
import { slugOf } from "./settings.ts";

/**
 * Makes an instance whose bytes and whose SQLite database are in a bucket, as Python does
 * (COMPAT §14.9); here is only a work tree. The mark comes first: of several that make one at once,
 * whose mark is there makes it.
 *
 * Throws code "conflict" when there is an instance already in the bucket's folder or under the
 * slug.
 */
export async function createInBucket(
  host: Host,
  request: CreateRequest & { readonly storage: string },
): Promise<CreatedInstance> {
  const plan = await planWithSettings(host, request, nameInRoot(request.storage), undefined);
  return await makeWithSettings(host, plan, () => makeRows(host, request, plan));
}

/** Python takes the last part of the root (COMPAT §1.4). */
function nameInRoot(root: string): string {
  const place = root.replace(/\?.*$/s, "").replace(/\/+$/, "");
  return place.slice(place.lastIndexOf("/") + 1).toLowerCase();
}

async function makeRows(
  host: Host,
  request: CreateRequest,
  { place, settings, uid }: InstancePlan,
): Promise<string> {
  const text = markText({
    storageUid: randomBase62(host, 12),
    slug: slugOf(settings),
    instanceId: settings.id,
    instanceUid: uid,
  });
  const mark = await place.readMark() ?? await place.writeMark(text);
  if (mark.instanceUid !== uid || mark.storageUid === undefined) throw alreadyThere(place.root);
  const { storageUid } = mark;
  // An earlier call died after this: its rows are as these would be.
  if (await place.hasDatabase()) return storageUid;
  const folder = join(defaultCacheFolder(host), "instances");
  host.files.makeDirectory(folder, { recursive: true });
  const path = join(folder, temporaryName(host));
  try {
    const made = { settings, uid, storageUid, storageType: place.type };
    await buildDatabase(host, await host.hashing(), request, made, path);
    leaveLog(path);
    await putNewDatabase(host, place.root, path);
  } catch (error) {
    // Another one of the same name was faster; it made the very same.
    const isMade = error instanceof LaminError && error.code === "conflict";
    if (!isMade) throw error;
  } finally {
    removeDatabase(host, path);
  }
  return storageUid;
}
