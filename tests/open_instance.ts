import { DatabaseSync } from "node:sqlite";
import { registriesOf } from "../cli/registries.ts";
import { allRegistries } from "../cli/modules.ts";
import type { Instance } from "../core/instance/instance.ts";
import { remoteStores } from "../cli/remote_stores.ts";
import { openInstance } from "../core/instance/open.ts";
import type { RegistrySet } from "../core/registry/registry_set.ts";
import type { Reader } from "../store/database/database.ts";
import { denoHost } from "../store/host/deno.ts";
import { WorkIndex } from "../store/work_index/work_index.ts";
import { withPythonInstance } from "./lamin.ts";
import { newDatabase } from "./postgres_server.ts";
import { onPostgres, workIndex } from "./test_database.ts";

export interface OpenInstance {
  readonly instance: Instance;
  readonly registries: RegistrySet;
  readonly reader: Reader;
}

/**
 * Runs `work` on a copy of an instance that Python made, opened in this process, inside one read;
 * `sql` changes the copy first. Its rows are moved to Postgres where tests are told so.
 */
export async function withOpenInstance(
  name: Parameters<typeof withPythonInstance>[0],
  work: (open: OpenInstance) => Promise<void>,
  sql?: string,
): Promise<void> {
  await withPythonInstance(name, async ({ root, home, lamin }) => {
    if (sql !== undefined) changeDatabase(`${root}/.lamindb/lamin.db`, sql);
    const server = onPostgres ? await newDatabase() : undefined;
    if (server !== undefined) {
      await lamin("connect", root);
      await lamin("migrate-db", server.url);
    }
    const host = { ...denoHost(), homeDirectory: () => home };
    const instance = await openInstance(host, {
      openRemote: (root) => remoteStores(host, root),
      wanted: root,
      readOnly: true,
      loadRegistries: () => Promise.resolve(allRegistries()),
    });
    try {
      const registries = await registriesOf(instance);
      await instance.database.read((reader) => work({ instance, registries, reader }));
    } finally {
      await instance.close();
      await server?.remove();
    }
  });
}

/** Runs statements on a database file. */
export function changeDatabase(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** Makes the index of a work tree forget files, as if they had never been here. */
export async function forgetIndexed(root: string, paths: readonly string[]): Promise<void> {
  const index = new WorkIndex(denoHost(), `${root}/${workIndex}`);
  await index.update({ forget: paths });
  await index.close();
}
