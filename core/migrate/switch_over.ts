import type { MoveTarget } from "./target.ts";
import { isPostgresUrl } from "../../store/database/address.ts";
import { LaminError } from "../../store/errors.ts";
import { isAbsolute } from "../../store/path.ts";
import { WorkIndex } from "../../store/work_index/work_index.ts";
import { identityOf } from "../instance/identity.ts";
import type { Instance } from "../instance/instance.ts";
import { markText, writeMark } from "../instance/mark.ts";
import { databasePath } from "../instance/new_database.ts";
import { type InstanceSettings, slugOf } from "../instance/settings.ts";
import { isSlugPart } from "../instance/slug_part.ts";
import { setAside } from "./set_aside.ts";

/**
 * The settings by which an instance is found when its rows are at `target`. Throws code "conflict"
 * when its slug belongs to another instance on this machine.
 */
export async function settingsFor(
  instance: Instance,
  target: MoveTarget,
  modules: readonly string[],
): Promise<InstanceSettings> {
  const { owner, name, id } = await identityOf(instance);
  const { root } = instance.location;
  const known = instance.settings.instance(owner, name);
  if (!isSlugPart(owner) || !isSlugPart(name) || (known !== undefined && known.id !== id)) {
    throw new LaminError("conflict", `${owner}/${name} is another instance here`, {
      hint: "'lamin connect' says more",
      data: { slug: `${owner}/${name}` },
    });
  }
  const databaseUrl = target.kind === "postgres" ? target.url : undefined;
  return { owner, name, id, storageRoot: root, databaseUrl, modules };
}

/**
 * Makes sure that the settings can be written, by writing them as they are: when rows have moved it
 * would be too late.
 */
export function rehearse(instance: Instance, settings: InstanceSettings): void {
  const known = instance.settings.instance(settings.owner, settings.name);
  const { database } = instance.location;
  const databaseUrl = database.kind === "postgres" ? database.url : undefined;
  instance.settings.writeInstance(known ?? { ...settings, databaseUrl });
}

/**
 * Lets everybody find the rows at their new place: first by the settings, then by setting a SQLite
 * file aside, which would be found before them. What was done already is left. Gives the new name
 * of that file.
 */
export async function switchOver(
  instance: Instance,
  settings: InstanceSettings,
): Promise<string | undefined> {
  const { host, location: { root } } = instance;
  await writeMissingMark(instance, settings);
  instance.settings.writeInstance(settings);
  const current = instance.settings.currentInstance();
  if (current?.id === settings.id && slugOf(current) === slugOf(settings)) {
    instance.settings.writeCurrentInstance(settings);
  }
  const index = new WorkIndex(host, instance.workIndexPath);
  await index.forgetVerdicts();
  await index.close();
  if (settings.databaseUrl === undefined || !isAbsolute(root)) return undefined;
  const { database } = instance.location;
  return await setAside(host, database.kind === "sqlite" ? database.path : databasePath(root));
}

/** Whether settings of this instance lead elsewhere than its rows are. */
export function isUnfinished(instance: Instance, settings: InstanceSettings): boolean {
  const known = instance.settings.instance(settings.owner, settings.name);
  if (known === undefined || known.storageRoot !== settings.storageRoot) return false;
  const server = known.databaseUrl !== undefined && isPostgresUrl(known.databaseUrl);
  return server !== (settings.databaseUrl !== undefined);
}

/** Without a database in its folder, an instance is found by its mark. */
async function writeMissingMark(instance: Instance, settings: InstanceSettings): Promise<void> {
  const { host, location: { root }, mark, storage } = instance;
  const isMissing = mark?.owner === undefined || mark.instanceId === undefined;
  if (!isMissing || !isAbsolute(root)) return;
  const { uid } = await identityOf(instance);
  const { id } = settings;
  const slug = slugOf(settings);
  writeMark(
    host,
    root,
    markText({ storageUid: storage.uid, slug, instanceId: id, instanceUid: uid }),
  );
}
