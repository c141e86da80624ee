import type { Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import { LaminError } from "../../store/errors.ts";
import { recordTitle } from "../operation/record_name.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { type Referrer, referrersByTable } from "../registry/referrers.ts";
import type { Registry } from "../registry/registry.ts";
import { laminContent } from "../side_tables.ts";

export type RegistryRow = RowOf<Registry>;

/** Everything that a deletion of rows comes to. */
export interface Deletion {
  /** Rows that go, by registry: those that were named first, then those that go with them. */
  readonly deleted: ReadonlyMap<Registry, readonly RegistryRow[]>;
  /** Rows of which a column is emptied since it points to a row that goes. */
  readonly cleared: readonly {
    readonly registry: Registry;
    readonly column: string;
    readonly rows: readonly RegistryRow[];
  }[];
}

/**
 * What goes with rows that are deleted, by the rules of the registries' foreign keys, which Django
 * carries out and the database does not (COMPAT §14.10). Throws code "conflict" that names the rows
 * which forbid it.
 */
export async function deletionOf(
  reader: Reader,
  registries: readonly Registry[],
  registry: Registry,
  rows: readonly RegistryRow[],
): Promise<Deletion> {
  const referrers = referrersByTable(registries);
  const deleted = new Map<Registry, Map<number, RegistryRow>>();
  const touching: Touching[] = [];
  const pending: [Registry, readonly RegistryRow[]][] = [[registry, rows]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [target, targets] = next;
    const known = deleted.get(target) ?? new Map<number, RegistryRow>();
    deleted.set(target, known);
    const fresh = targets.filter((row) => !known.has(row["id"] as number));
    for (const row of fresh) known.set(row["id"] as number, row);
    if (fresh.length === 0) continue;
    for (const referrer of referrers.get(target.name) ?? []) {
      const found = await referringRows(reader, referrer, fresh);
      if (found.length === 0) continue;
      if (referrer.onDelete === "CASCADE") pending.push([referrer.registry, found]);
      else touching.push({ referrer, target, rows: found });
    }
  }
  const isDeleted = (one: Registry, row: RegistryRow) =>
    deleted.get(one)?.has(row["id"] as number) ?? false;
  const staying = touching
    .map((one) => ({
      ...one,
      rows: one.rows.filter((row) => !isDeleted(one.referrer.registry, row)),
    }))
    .filter((one) => one.rows.length > 0);
  const forbidding = staying.filter(({ referrer }) => referrer.onDelete !== "SET_NULL");
  if (forbidding.length > 0) throw inUse(forbidding, deleted);
  await addContents(reader, deleted);
  return {
    deleted: new Map([...deleted].map(([one, byId]) => [one, [...byId.values()]])),
    cleared: staying.map(({ referrer: { registry, column }, rows }) => ({
      registry,
      column,
      rows,
    })),
  };
}

interface Touching {
  readonly referrer: Referrer;
  readonly target: Registry;
  readonly rows: readonly RegistryRow[];
}

async function referringRows(
  reader: Reader,
  { registry, column }: Referrer,
  targets: readonly RegistryRow[],
): Promise<RegistryRow[]> {
  if (!(await reader.hasTable(registry.name))) return [];
  const list = reader.dialect.valuesOf(targets.map((row) => row["id"] as number));
  return await reader.select(registry, `${column} IN (${list.sql})`, list.parameters);
}

/** What our own table notes of the content of artifacts goes with them. */
async function addContents(
  reader: Reader,
  deleted: Map<Registry, Map<number, RegistryRow>>,
): Promise<void> {
  const ids = [...deleted].find(([registry]) => registry.name === artifact.name)?.[1].keys() ?? [];
  const list = reader.dialect.valuesOf([...ids]);
  if (!(await reader.hasTable(laminContent.name))) return;
  const rows = await reader.select(laminContent, `artifact_id IN (${list.sql})`, list.parameters);
  if (rows.length > 0) deleted.set(laminContent, new Map(rows.map((row) => [row.id, row])));
}

/** How many rows that forbid a deletion are named. */
const namedMax = 5;

function inUse(
  forbidding: readonly Touching[],
  deleted: ReadonlyMap<Registry, ReadonlyMap<number, RegistryRow>>,
): LaminError {
  const clauses = forbidding.flatMap(({ referrer, target, rows }) =>
    rows.map((row) => {
      const used = deleted.get(target)!.get(row[referrer.column] as number)!;
      return `${recordTitle(target, used)} is in use by ${recordTitle(referrer.registry, row)}`;
    })
  );
  const more = clauses.length > namedMax ? `; and ${clauses.length - namedMax} more` : "";
  return new LaminError(
    "conflict",
    `cannot delete for good: ${clauses.slice(0, namedMax).join("; ")}${more}`,
    {
      hint: "nothing was changed; leave it in the trash, or remove what uses it first",
      data: { uses: clauses.slice(0, 1000) },
    },
  );
}
