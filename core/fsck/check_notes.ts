import type { Reader } from "../../store/database/database.ts";
import type { Instance } from "../instance/instance.ts";
import { objectOf } from "../gc/stored_objects.ts";
import { laminContent, laminObject } from "../side_tables.ts";
import type { ListedObject, StoreChecked } from "./check_store.ts";
import type { Finding } from "./finding.ts";

/** Compares lamin's notes with what they are about: artifacts and stored objects. */
export async function checkNotes(
  instance: Instance,
  reader: Reader,
  store: StoreChecked,
): Promise<Finding[]> {
  if (!(await instance.hasSideTables(reader))) return [];
  return [
    ...await leftContents(reader),
    ...await checkObjectRows(reader, store),
    ...await leftManifests(reader, store),
  ];
}

/** Contents of artifacts that Python deleted. */
async function leftContents(reader: Reader): Promise<Finding[]> {
  const rows = await reader.select(
    laminContent,
    "NOT EXISTS (SELECT 1 FROM lamindb_artifact AS a WHERE a.id = lamin_content.artifact_id)",
  );
  return rows.map(({ id, artifact_id }) => ({
    ...note,
    kind: "left row",
    name: `lamin_content ${id}`,
    detail: `it speaks of the artifact ${artifact_id}, which is no more`,
    mend: { do: "delete content row", id },
  }));
}

const note = { severity: "note", uid: null, key: null } as const;

/** Rows of objects that are not there, and objects that artifacts have without a row. */
async function checkObjectRows(reader: Reader, store: StoreChecked): Promise<Finding[]> {
  const findings: Finding[] = [];
  const present = new Map(
    store.objects.map((object) => [keyOf(object.storage.id, object), object]),
  );
  const rows = reader.iterate<{ id: number; storage_id: number; name: string; sha256: string }>(
    `SELECT id, storage_id, name, sha256 FROM ${laminObject.name}`,
  );
  for await (const row of rows) {
    const key = keyOf(row.storage_id, row);
    const object = present.get(key);
    if (object === undefined) {
      findings.push(...leftObjectRow(row, store));
    } else if (object.sha256 !== row.sha256) {
      findings.push(wrongObjectRow(object));
    }
    present.delete(key);
  }
  for (const object of present.values()) {
    if (object.isReferenced) findings.push(unrecordedObject(object));
  }
  return findings;
}

function keyOf(storageId: number, { name }: { readonly name: string }): string {
  return `${storageId}/${name}`;
}

/** An object that an artifact misses is reported as that. */
function leftObjectRow(
  row: { readonly id: number; readonly storage_id: number; readonly name: string },
  { references }: StoreChecked,
): Finding[] {
  const storage = references.storages.find(({ id }) => id === row.storage_id);
  if (storage === undefined || objectOf(row.name) === undefined) return [];
  if (references.to(storage, row.name) !== undefined) return [];
  return [{
    ...note,
    kind: "left row",
    name: row.name,
    detail: "its object is not there, and no artifact has it",
    mend: { do: "delete object row", id: row.id },
  }];
}

function wrongObjectRow(object: ListedObject): Finding {
  return {
    ...note,
    severity: "damage",
    kind: "record",
    name: object.name,
    detail: "the object is noted under another hash than that in its name",
    mend: noteObject(object),
  };
}

function unrecordedObject(object: ListedObject): Finding {
  return {
    ...note,
    kind: "unrecorded",
    name: object.name,
    detail: "the object is not among those that are noted",
    mend: noteObject(object),
  };
}

function noteObject({ storage, name, sha256, isFolder }: ListedObject) {
  return { do: "note object", storageId: storage.id, object: { name, sha256, isFolder } } as const;
}

/**
 * Lists of files of folders that neither an artifact nor the store has. What is noted in storages
 * that were not looked at counts as there: an undo would need the list.
 */
async function leftManifests(reader: Reader, store: StoreChecked): Promise<Finding[]> {
  const looked = reader.dialect.valuesOf(store.references.storages.map(({ id }) => id));
  const rows = await reader.all<{ manifest: string }>(
    `SELECT DISTINCT manifest FROM lamin_manifestfile
     WHERE manifest NOT IN (SELECT c.sha256 FROM lamin_content AS c
       JOIN lamindb_artifact AS a ON a.id = c.artifact_id)
     AND manifest NOT IN (SELECT sha256 FROM ${laminObject.name}
       WHERE storage_id NOT IN (${looked.sql}))`,
    looked.parameters,
  );
  const stored = new Set(store.objects.map(({ sha256 }) => sha256));
  return rows.filter(({ manifest }) => !stored.has(manifest)).map(({ manifest }) => ({
    ...note,
    kind: "left row",
    name: `lamin_manifestfile ${manifest}`,
    detail: "it lists the files of a folder that is no more",
    mend: { do: "delete manifest", manifest },
  }));
}
