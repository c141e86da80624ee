import type { NewRowOf } from "../../../store/database/table.ts";
import type { BlobStore } from "../../../store/objects/blob_store.ts";
import { measure } from "../../gc/plan.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { laminContent, laminObject } from "../../side_tables.ts";
import type { Mend } from "../finding.ts";

type MendTo<Do extends Mend["do"]> = Extract<Mend, { readonly do: Do }>;

/** The mends of one kind. */
export function mendsTo<Do extends Mend["do"]>(
  mends: readonly Mend[],
  kind: Do,
): MendTo<Do>[] {
  return mends.filter((mend): mend is MendTo<Do> => mend.do === kind);
}

/** Removes notes about what is no more, each checked again, and notes objects that are there. */
export async function tidyNotes(
  instance: Instance,
  changes: Changes,
  mends: readonly Mend[],
): Promise<void> {
  const { reader } = changes;
  const contents = reader.dialect.valuesOf(
    mendsTo(mends, "delete content row").map(({ id }) => id),
  );
  await changes.delete(
    laminContent,
    await reader.select(
      laminContent,
      `id IN (${contents.sql}) AND NOT EXISTS
         (SELECT 1 FROM lamindb_artifact AS a WHERE a.id = lamin_content.artifact_id)`,
      contents.parameters,
    ),
  );
  await deleteObjectRows(instance, changes, mendsTo(mends, "delete object row"));
  await noteObjects(instance, changes, mendsTo(mends, "note object"));
  await deleteManifests(changes, mendsTo(mends, "delete manifest"));
}

async function deleteObjectRows(
  instance: Instance,
  changes: Changes,
  mends: readonly MendTo<"delete object row">[],
): Promise<void> {
  const list = changes.reader.dialect.valuesOf(mends.map(({ id }) => id));
  const rows = await changes.reader.select(laminObject, `id IN (${list.sql})`, list.parameters);
  const gone = [];
  for (const row of rows) {
    if (!(await isThere(instance.blobsOf(row.storage_id), row.name))) gone.push(row);
  }
  await changes.delete(laminObject, gone);
}

async function isThere(blobs: BlobStore, name: string): Promise<boolean> {
  return await blobs.entry(name) !== undefined || (await blobs.entries(`${name}/`)).length > 0;
}

async function noteObjects(
  instance: Instance,
  changes: Changes,
  mends: readonly MendTo<"note object">[],
): Promise<void> {
  const list = changes.reader.dialect.valuesOf(mends.map(({ object }) => object.name));
  const present = await changes.reader.select(
    laminObject,
    `name IN (${list.sql})`,
    list.parameters,
  );
  const inserts: NewRowOf<typeof laminObject>[] = [];
  for (const { storageId, object } of mends) {
    const size = (await measure(instance.blobsOf(storageId), object))?.size;
    if (size === undefined) continue;
    const values = { sha256: object.sha256, size, is_folder: object.isFolder };
    const row = present.find(({ name, storage_id }) =>
      name === object.name && storage_id === storageId
    );
    if (row !== undefined) await changes.update(laminObject, [row], values);
    else inserts.push({ storage_id: storageId, name: object.name, ...values });
  }
  await changes.insert(laminObject, inserts);
}

/** Not put into the operation log, as in `gc`: a list is of no use without its files. */
async function deleteManifests(
  changes: Changes,
  mends: readonly MendTo<"delete manifest">[],
): Promise<void> {
  const list = changes.reader.dialect.valuesOf(mends.map(({ manifest }) => manifest));
  await changes.writer.run(
    `DELETE FROM lamin_manifestfile WHERE manifest IN (${list.sql})
       AND manifest NOT IN (SELECT c.sha256 FROM lamin_content AS c
         JOIN lamindb_artifact AS a ON a.id = c.artifact_id)`,
    list.parameters,
  );
}
