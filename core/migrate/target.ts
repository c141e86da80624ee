import { type DatabaseAddress, isPostgresUrl, shownAddress } from "../../store/database/address.ts";
import type { Reader } from "../../store/database/database.ts";
import type { Moving } from "../../store/database/moving/moving.ts";
import { LaminError } from "../../store/errors.ts";
import { isAbsolute } from "../../store/path.ts";
import { withoutPassword } from "../../store/without_password.ts";
import type { Instance } from "../instance/instance.ts";
import { databasePath } from "../instance/new_database.ts";
import { storage } from "../registry/lamindb/storage.ts";

/** Where rows can go. */
export type MoveTarget = Exclude<DatabaseAddress, { readonly kind: "bucket" }>;

/** Where rows are to go, of what a person typed. Throws code "usage". */
export function targetOf({ location: { root } }: Instance, wanted: string): MoveTarget {
  if (isPostgresUrl(wanted)) return { kind: "postgres", url: wanted };
  if (wanted !== "sqlite") {
    throw new LaminError("usage", `'${withoutPassword(wanted)}' is no place for rows`, {
      hint: "give 'sqlite', or a URL such as postgresql://user@host:5432/atlas",
    });
  }
  if (isAbsolute(root)) return { kind: "sqlite", path: databasePath(root) };
  throw new LaminError("usage", `the bytes are in ${root}, where no SQLite file can be written`, {
    hint:
      "rows of such an instance are in Postgres: give a URL such as postgresql://user@host/atlas",
  });
}

/** The sentence that whoever still uses the former database is told. */
export function sealSentence(target: MoveTarget): string {
  return `the rows of this instance were moved to ${shownAddress(target)}`;
}

/** What a database has of the tables of an instance. */
export type TargetState = "empty" | "ours";

/**
 * What there is already. Throws code "conflict" when it has tables that are not of this instance.
 */
export async function stateOf(
  { ownStorage: own }: Instance,
  reader: Reader,
  moving: Moving,
  target: MoveTarget,
): Promise<TargetState> {
  const ours = (await moving.tableNames(reader)).filter(isOfInstances);
  if (ours.length === 0) return "empty";
  const isThere = ours.includes(storage.name) &&
    (await reader.select(storage, "uid = ?", [own.uid])).length > 0;
  if (isThere) return "ours";
  throw new LaminError("conflict", `${shownAddress(target)} is not empty: it has ${ours[0]}`, {
    hint: "make an empty database, for example by 'createdb', and give its URL",
    data: { tables: ours.slice(0, 20) },
  });
}

/** Whether a table may be one of an instance: of LaminDB, of its modules or of ours. */
export function isOfInstances(table: string): boolean {
  return /^(lamindb_|lamin_|bionty_|django_migrations$)/.test(table);
}
