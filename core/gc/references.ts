import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import { timestamp } from "../../store/database/values.ts";
import { isAbsolute, relativeTo, resolve } from "../../store/path.ts";
import { type ArtifactRow, objectsFolder, storageKeyOf } from "../artifact/storage_key.ts";
import type { Instance, StorageRow } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { laminContent } from "../side_tables.ts";
import { objectOf } from "./stored_objects.ts";

/** What tells where an artifact's bytes lie. */
export type PlaceColumns = Pick<
  ArtifactRow,
  "uid" | "key" | "_real_key" | "suffix" | "_key_is_virtual" | "_overwrite_versions" | "storage_id"
>;

/** The columns of {@link PlaceColumns}, for queries that need no more. */
export const placeColumns =
  "uid, key, _real_key, suffix, _key_is_virtual, _overwrite_versions, storage_id";

/** Why something must stay: a row speaks of it, or one did that an undo may bring back. */
export type Reference = "artifact" | "undo";

/**
 * What the rows of an instance refer to in its own storages: the present rows of artifacts on every
 * branch, the trash and the archive included, and the rows as they were at any time since
 * `since`. Each state since then is made of present rows and of the `before` of a logged change.
 */
export class References {
  readonly #places = new Map<string, Reference>();
  /** SHA-256 of contents that artifacts had since then, wherever their bytes lie. */
  readonly formerContents = new Set<string>();
  /** The storages of interest, the innermost first, should one lie in another. */
  readonly storages: readonly StorageRow[];

  private constructor(private readonly instance: Instance, own: readonly StorageRow[]) {
    this.storages = own.toSorted((a, b) => b.root.length - a.root.length);
  }

  /** Reads them. `own` are the storages of interest. Throws code "damaged" for an unreadable log. */
  static async load(
    instance: Instance,
    reader: Reader,
    own: readonly StorageRow[],
    since: Date,
  ): Promise<References> {
    const references = new References(instance, own);
    await references.#addFormer(reader, since);
    const rows = reader.iterate<PlaceColumns>(`SELECT ${placeColumns} FROM lamindb_artifact`);
    for await (const row of rows) references.#add(row, "artifact");
    return references;
  }

  /** Why an object or a file directly in `.lamindb/` must stay; undefined when nothing refers to it. */
  to(storage: StorageRow, name: string): Reference | undefined {
    const fanOut = name.split("/").slice(0, 3).join("/");
    for (const kept of [name, fanOut, objectsFolder]) {
      const reference = this.#places.get(placeKey(storage, kept));
      if (reference !== undefined) return reference;
    }
    return undefined;
  }

  /** The storage of interest and the name in it of an artifact's bytes, however the row puts it. */
  placeOf(row: PlaceColumns): { storage: StorageRow; name: string } | undefined {
    const root = this.instance.storages.get(row.storage_id)?.root;
    if (root === undefined || !isAbsolute(root)) return undefined;
    // Numbers instead of booleans come straight from SQLite.
    const key = storageKeyOf({
      ...row,
      _key_is_virtual: Boolean(row._key_is_virtual),
      _overwrite_versions: Boolean(row._overwrite_versions),
    });
    const path = resolve(root, key);
    for (const storage of this.storages) {
      const name = relativeTo(storage.root, path);
      if (name !== undefined) return { storage, name };
    }
    return undefined;
  }

  #add(row: PlaceColumns, reference: Reference): void {
    const place = this.placeOf(row);
    const kept = place && keptFor(place.name);
    if (kept !== undefined) this.#places.set(placeKey(place!.storage, kept), reference);
  }

  async #addFormer(reader: Reader, since: Date): Promise<void> {
    if (!(await this.instance.hasSideTables(reader))) return;
    const changes = reader.iterate<{ table_name: string; before: string }>(
      `SELECT table_name, before FROM lamin_change
       WHERE before IS NOT NULL AND table_name IN (?, ?)
         AND operation_id IN (SELECT id FROM lamin_operation WHERE created_at >= ?)`,
      [artifact.name, laminContent.name, timestamp(since)],
    );
    for await (const { table_name, before } of changes) {
      const row = parseRow(before);
      if (table_name === artifact.name) this.#add(row as unknown as PlaceColumns, "undo");
      else if (typeof row["sha256"] === "string") this.formerContents.add(row["sha256"]);
    }
  }
}

/** The object, or file or folder in `.lamindb/`, that a place means; undefined for data in place. */
function keptFor(place: string): string | undefined {
  // A row that means a folder of many objects is nothing of ours, but its bytes are all of them.
  if (place === "" || place === ".lamindb") return objectsFolder;
  const object = objectOf(place);
  if (object !== undefined) return object;
  const parts = place.split("/");
  if (parts[0] !== ".lamindb") return undefined;
  return parts[1] === "objects" ? place : parts.slice(0, 2).join("/");
}

function placeKey(storage: StorageRow, name: string): string {
  return `${storage.id}/${name}`;
}

/** A row in the log. What cannot be read may refer to anything, so nothing can be collected then. */
export function parseRow(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LaminError("damaged", "the operation log holds a row that cannot be read", {
      hint: "nothing is collected while it is there: restore the database from a copy",
      cause,
    });
  }
}
