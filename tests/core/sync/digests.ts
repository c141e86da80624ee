import { allRegistries } from "../../../cli/modules.ts";
import { Ledgers } from "../../../core/sync/ledger/ledgers.ts";
import { unknownRegistries } from "../../../core/sync/unknown/find_tables.ts";
import { shapesOf, sideOf } from "../../../core/sync/open_side.ts";
import { opened } from "./two_labs.ts";

/** What the rows of a lab mean, by table and identity; storages are everybody's own. */
export async function digestsOf(
  lab: Parameters<typeof opened>[0],
): Promise<Record<string, string>> {
  return await opened(lab, async (instance) => {
    const hashing = await instance.host.hashing();
    return await instance.database.read(async (reader) => {
      const unknown = await unknownRegistries(reader, allRegistries());
      const shapes = shapesOf([...allRegistries(), ...unknown]);
      const { rows } = sideOf(instance, reader, new Ledgers(reader, ""), shapes, hashing);
      const found: Record<string, string> = {};
      for (const table of shapes.keys()) {
        if (table === "lamindb_storage") continue;
        for (const { identity, digest } of (await Array.fromAsync(rows.states(table))).flat()) {
          found[`${table} ${identity}`] = digest;
        }
        if (!("is_latest" in shapes.get(table)!.registry.columns)) continue;
        for (const { identity, digest } of (await Array.fromAsync(rows.families(table))).flat()) {
          found[`${table} family ${identity}`] = digest;
        }
      }
      return found;
    });
  }, true);
}
