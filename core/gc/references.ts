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
    const depth = (storage: StorageRow) => rootOf(storage)?.path.length ?? 0;
    this.storages = own.toSorted((a, b) => depth(b) - depth(a));
  }

  /**
   * Reads them. `own` are the storages of interest. Throws code "damaged" for an unreadable log.
   */
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

  /**
   * Why an object or a file directly in `.lamindb/` must stay; undefined when nothing refers to it.
   */
  to(storage: StorageRow, name: string): Reference | undefined {
    const fanOut = name.split("/").slice(0, 3).join("/");
    for (const kept of [name, fanOut, objectsFolder]) {
      const reference = this.#places.get(placeKey(storage, kept));
      if (reference !== undefined) return reference;
    }
    return undefined;
  }

  /** The storage of interest and the name in it of an artifact's bytes, however the row puts it. */
  placeOf(row: PlaceColumns): Place | undefined {
    const root = rootOf(this.instance.storages.get(row.storage_id));
    if (root === undefined) return undefined;
    // On a server there is nothing but what lies below a root.
    const key = root.scheme === "" ? keyOf(row) : keyOf(row).replace(/^\/+/, "");
    const path = resolve(root.path, key);
    for (const storage of this.storages) {
      const own = rootOf(storage);
      const name = own?.scheme === root.scheme ? relativeTo(own.path, path) : undefined;
      if (name !== undefined) return { storage, name };
    }
    return undefined;
  }

  #add(row: PlaceColumns, reference: Reference): void {
    for (const { storage, name } of this.#placesOf(row)) {
      const kept = keptFor(name);
      if (kept !== undefined) this.#places.set(placeKey(storage, kept), reference);
    }
  }

  /** A row whose storage cannot be told may mean any of them. */
  #placesOf(row: PlaceColumns): Place[] {
    if (rootOf(this.instance.storages.get(row.storage_id)) !== undefined) {
      const place = this.placeOf(row);
      return place === undefined ? [] : [place];
    }
    const name = resolve("/", keyOf(row)).slice(1);
    return this.storages.map((own) => ({ storage: own, name }));
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
      if (table_name === artifact.name) this.#add(loggedPlace(before), "undo");
      else this.formerContents.add(String(loggedRow(before)["sha256"]));
    }
  }
}

interface Place {
  readonly storage: StorageRow;
  readonly name: string;
}

/** Where the storage of a row lies. */
interface Root {
  /** Of a server, such as `s3`; empty on this machine. */
  readonly scheme: string;
  /** Absolute; on a server it begins with the bucket. */
  readonly path: string;
}

/**
 * The root of a storage, however its row puts it; undefined where that cannot be told. Buckets of
 * one name on several servers count as one, so that rather too much is kept.
 */
function rootOf(storage: StorageRow | undefined): Root | undefined {
  const root = storage?.root.replace(/^file:\/\/(?:localhost)?(?=\/)/, "");
  if (root === undefined) return undefined;
  if (isAbsolute(root)) return { scheme: "", path: resolve("/", root) };
  const [, scheme, path] = /^(?!file:)([a-z][a-z0-9+.-]*):\/\/([^?#]*)/i.exec(root) ?? [];
  return path === undefined
    ? undefined
    : { scheme: scheme!.toLowerCase(), path: resolve("/", path) };
}

function keyOf(row: PlaceColumns): string {
  // Straight from SQLite come numbers instead of booleans.
  return storageKeyOf({
    ...row,
    _key_is_virtual: Boolean(row._key_is_virtual),
    _overwrite_versions: Boolean(row._overwrite_versions),
  });
}

/**
 * The object, or file or folder in `.lamindb/`, that a place means; undefined for data in place.
 */
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

/**
 * What a row in the log tells of an artifact's place. What cannot be read may refer to anything, so
 * nothing can be collected then.
 *
 * @throws LaminError "damaged".
 */
export function loggedPlace(text: string): PlaceColumns {
  const row = loggedRow(text);
  const isText = (value: unknown) => value === null || typeof value === "string";
  const isWhole = typeof row["uid"] === "string" && typeof row["suffix"] === "string" &&
    typeof row["storage_id"] === "number" && isText(row["key"]) && isText(row["_real_key"]);
  if (!isWhole) throw unreadable();
  return row as unknown as PlaceColumns;
}

function loggedRow(text: string): Record<string, unknown> {
  try {
    const row = JSON.parse(text);
    if (typeof row === "object" && row !== null) return row;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unreadable();
}

function unreadable(): LaminError {
  return new LaminError("damaged", "the operation log holds a row that cannot be read", {
    hint: "nothing is collected while it is there: restore the database from a copy",
  });
}
