import type { Instance } from "../instance/instance.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { collectionInputOfRuns } from "../registry/lamindb/collection_links.ts";
import { linkInputs } from "./link_data.ts";

/** What a command read. */
export interface ReadData {
  readonly artifacts: readonly number[];
  /** Reading a collection does not mark its artifacts, as in Python (COMPAT §5.9). */
  readonly collections?: readonly number[];
}

/** Notes what a command read as inputs of the run that it belongs to. */
export async function noteInputs(
  instance: Instance,
  operation: OperationName,
  run: { readonly id: number; readonly uid: string },
  { artifacts, collections = [] }: ReadData,
): Promise<void> {
  await mutate(instance, operation, async (changes) => {
    await linkInputs(changes, run.id, artifacts);
    if (collections.length > 0) {
      const list = changes.reader.dialect.valuesOf(collections);
      const known = await changes.reader.all<{ id: number }>(
        `SELECT collection_id AS id FROM lamindb_collection_input_of_runs
         WHERE run_id = ? AND collection_id IN (${list.sql})`,
        [run.id, ...list.parameters],
      );
      const noted = new Set(known.map(({ id }) => Number(id)));
      await changes.insert(
        collectionInputOfRuns,
        collections.filter((id) => !noted.has(id))
          .map((collection_id) => ({ collection_id, run_id: run.id })),
      );
    }
    return { result: undefined, summary: `input of run ${run.uid}` };
  });
}
