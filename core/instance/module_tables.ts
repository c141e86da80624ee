import type { Writer } from "../../store/database/database.ts";
import { timestamp } from "../../store/database/values.ts";
import type { Module } from "../module.ts";
import { migration } from "../registry/lamindb/migration.ts";
import type { Instance } from "./instance.ts";

/**
 * Makes the tables of modules, and notes their migrations, where the database has none: on a server
 * there are only those of modules that were switched on (COMPAT §2.1).
 */
export async function makeModuleTables(
  instance: Instance,
  modules: readonly Module[],
): Promise<void> {
  const missing = await instance.database.read(async (reader) => {
    const found: Module[] = [];
    for (const module of modules) {
      const [first] = module.registries;
      if (first !== undefined && !(await reader.hasTable(first.name))) found.push(module);
    }
    return found;
  });
  if (missing.length === 0) return;
  instance.requireWritable();
  const hashing = await instance.host.hashing();
  const md5 = (bytes: Uint8Array) => hashing.digest("md5", bytes);
  await instance.database.write(async (writer: Writer) => {
    const applied = timestamp(instance.host.now());
    for (const { registries, migrations } of missing) {
      // Another process may have been faster.
      if (await writer.hasTable(registries[0]!.name)) continue;
      await writer.script(await writer.dialect.createStatements(registries, md5));
      await writer.insert(migration, migrations.map((row) => ({ ...row, applied })));
    }
  });
}
