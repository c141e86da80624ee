import { withPythonInstance, withWorkspace } from "../lamin.ts";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { missingPostgres, newDatabase } from "../postgres_server.ts";
import { onlySqlite } from "../test_database.ts";

/** Why rows cannot be moved here, if they cannot. */
export const noMigration = onlySqlite ?? missingPostgres();

/** Runs `work` in an instance in SQLite, with the URL of an empty database. */
export async function withPlace(
  work: (atlas: Atlas, url: string) => Promise<void>,
  initWords: readonly string[] = [],
): Promise<void> {
  await withUrl((url) =>
    withWorkspace(async ({ root, home }) => {
      const atlas = atlasAt(root, home);
      await atlas.lamin("init", ...initWords);
      await work(atlas, url);
    })
  );
}

/** Runs `work` in a copy of an instance that Python made, with the URL of an empty database. */
export async function withPythonPlace(
  name: Parameters<typeof withPythonInstance>[0],
  work: (atlas: Atlas, url: string) => Promise<void>,
): Promise<void> {
  await withUrl((url) =>
    withPythonInstance(name, ({ root, home }) => work(atlasAt(root, home), url))
  );
}

/** Runs `work` with the URL of an empty database, which is removed afterwards. */
export async function withUrl(work: (url: string) => Promise<void>): Promise<void> {
  const { url, remove } = await newDatabase();
  try {
    await work(url);
  } finally {
    await remove();
  }
}
