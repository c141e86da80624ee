import { copyDatabase } from "./postgres_server.ts";
import { withRaw } from "./raw_database.ts";
import { newBucket, noteDatabase, placesBelow, storageOf } from "./test_database.ts";

/**
 * Gives instances of these names in a copy of a folder rows and bytes of their own, where those are
 * elsewhere: settings and storages of the copy lead to new databases and buckets. Returns what
 * takes the databases away again.
 */
export async function separate(
  from: string,
  to: string,
  instances: readonly string[],
): Promise<() => Promise<void>> {
  const places = instances.map((name) => placesBelow(`${from}/${name}`));
  const databases = places.flatMap((one) => one.databases);
  const storages = places.flatMap((one) => one.storages);
  const names: [old: string, now: string][] = [[`${from}/`, `${to}/`]];
  const removals: (() => Promise<void>)[] = [];
  for (const [place, url] of databases) {
    const copy = await copyDatabase(url);
    noteDatabase(place.replace(from, to), copy.url);
    names.push([new URL(url).pathname, new URL(copy.url).pathname]);
    removals.push(copy.remove);
  }
  for (const [place, url] of storages) {
    const copy = place.replace(from, to);
    names.push([url, await newBucket(copy)]);
    const words = ["-a", `${storageOf(place)}/.`, storageOf(copy)];
    Deno.mkdirSync(storageOf(copy), { recursive: true });
    const { success } = new Deno.Command("cp", { args: words }).outputSync();
    if (!success) throw new Error(`${url} cannot be copied`);
  }
  const renamed = (text: string) =>
    names.reduce((all, [old, now]) => all.replaceAll(old, now), text);
  for (const path of settingsBelow(to)) {
    Deno.writeTextFileSync(path, renamed(Deno.readTextFileSync(path)));
  }
  const copies = new Set([...databases, ...storages].map(([place]) => place.replace(from, to)));
  for (const place of copies) renameStorages(place, renamed);
  return async () => {
    for (const remove of removals) await remove();
  };
}

function renameStorages(place: string, renamed: (text: string) => string): void {
  withRaw(place, (database) => {
    for (const { id, root } of database.all("SELECT id, root FROM lamindb_storage")) {
      const now = renamed(`${root}/`).replace(/\/$/, "");
      database.run("UPDATE lamindb_storage SET root = ? WHERE id = ?", now, id!);
    }
  });
}

/** Settings of people and of work trees below a folder. */
function* settingsBelow(folder: string): Generator<string> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isFile && folder.endsWith("/.lamin") && !name.includes(".db")) yield path;
    if (isDirectory && name !== ".lamindb") yield* settingsBelow(path);
  }
}
