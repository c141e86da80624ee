import type { Reader } from "../../../store/database/database.ts";
import { type Referrer, referrersByTable } from "../../registry/referrers.ts";
import type { Registry } from "../../registry/registry.ts";
import { stemUid } from "../../identity/uid.ts";
import { type BranchRow, byStem, familyRows, hasVersions, isNewer } from "../../version/family.ts";
import type { LoggedRow } from "../net_change.ts";
import { recordTitle } from "../record_name.ts";
import type { TableReversal } from "./reversal.ts";

/** Rows that are no longer as the operation left them, each as a clause. */
export function changedSince(reversal: readonly TableReversal[]): string[] {
  const found: string[] = [];
  for (const { registry, change, present } of reversal) {
    for (const { id, before, after } of change) {
      const row = present.get(id);
      if (row === undefined) {
        found.push(`${recordTitle(registry, { ...before, id })} was deleted`);
        continue;
      }
      const other = Object.keys(after).filter((name) => row[name] !== after[name]);
      if (other.length > 0) found.push(`${recordTitle(registry, row)} has another ${other[0]}`);
    }
  }
  return found;
}

/**
 * Versions that would go though another one was made of them since, which Python may do without a
 * trace in the rows that the operation made; each as a clause.
 */
export async function supersededSince(
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { registry, remove } of reversal) {
    if (!hasVersions(registry) || remove.length === 0) continue;
    const going = remove as unknown as readonly BranchRow[];
    const ids = new Set(going.map(({ id }) => id));
    const families = byStem(await familyRows(reader, registry, going.map(({ uid }) => uid)));
    for (const row of going) {
      const later = families.get(stemUid(row.uid))
        ?.find((one) => !ids.has(one.id) && isNewer(one, row));
      if (later !== undefined) {
        found.push(`${recordTitle(registry, row)} has the later version ${later.uid}`);
      }
    }
  }
  return found;
}

/** Rows of others that point to rows that would go, each as a clause. */
export async function referredTo(
  reader: Reader,
  reversal: readonly TableReversal[],
  registries: readonly Registry[],
): Promise<string[]> {
  const found: string[] = [];
  const going = new Map(
    reversal.map((
      { registry, remove },
    ) => [registry.name, new Set(remove.map((row) => row["id"]))]),
  );
  const referrers = referrersByTable(registries);
  for (const { registry, remove } of reversal) {
    if (remove.length === 0) continue;
    const byId = new Map(remove.map((row) => [row["id"], row]));
    for (const referrer of referrers.get(registry.name) ?? []) {
      const rows = await referring(reader, referrer, [...byId.keys()] as number[]);
      const others = rows.filter((row) => !going.get(referrer.registry.name)?.has(row["id"]));
      for (const row of others) {
        const target = byId.get(row[referrer.column])!;
        const who = `${referrer.registry.model} ${row["uid"] ?? row["id"]}`;
        found.push(`${recordTitle(registry, target)} is in use by ${who}`);
      }
    }
  }
  return found;
}

/** How many rows of a table that stand in the way are looked at. */
const referringMax = 100;

async function referring(
  reader: Reader,
  { registry, column }: Referrer,
  ids: readonly number[],
): Promise<LoggedRow[]> {
  if (!(await reader.hasTable(registry.name))) return [];
  const list = reader.dialect.valuesOf(ids);
  return await reader.select(
    registry,
    `${column} IN (${list.sql}) LIMIT ${ids.length + referringMax}`,
    list.parameters,
  );
}

/** What rows that come back need and does not exist any more, each as a clause. */
export async function missingTargets(
  reader: Reader,
  reversal: readonly TableReversal[],
  registries: ReadonlyMap<string, Registry>,
): Promise<string[]> {
  const found: string[] = [];
  const coming = new Map(
    reversal.map(({ registry, insert }) => [registry.name, new Set(insert.map(({ id }) => id))]),
  );
  for (const { registry, insert, change } of reversal) {
    for (const [column, { references }] of Object.entries(registry.columns)) {
      const target = registries.get(references?.table ?? "");
      if (target === undefined) continue;
      const rows = [...insert, ...change.map(({ before }) => before)];
      const wanted = rows.flatMap((row) => typeof row[column] === "number" ? [row[column]] : []);
      const unknown = wanted.filter((id) => !coming.get(target.name)?.has(id));
      for (const id of await absentIds(reader, target, unknown)) {
        const row = rows.find((one) => one[column] === id)!;
        found.push(`${recordTitle(registry, row)} needs the ${target.model} ${id}, which is gone`);
      }
    }
  }
  return found;
}

async function absentIds(
  reader: Reader,
  registry: Registry,
  ids: readonly number[],
): Promise<number[]> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return [];
  const list = reader.dialect.valuesOf(unique);
  const rows = await reader.all<{ id: number }>(
    `SELECT id FROM ${registry.name} WHERE id IN (${list.sql})`,
    list.parameters,
  );
  const present = new Set(rows.map(({ id }) => id));
  return unique.filter((id) => !present.has(id));
}

/** Rows that would come back and whose uid another one has taken, each as a clause. */
export async function takenUids(
  reader: Reader,
  reversal: readonly TableReversal[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { registry, insert, remove } of reversal) {
    if (insert.length === 0 || !("uid" in registry.columns)) continue;
    const list = reader.dialect.valuesOf(insert.map((row) => row["uid"] as string));
    const rows = await reader.select(registry, `uid IN (${list.sql})`, list.parameters);
    const going = new Set(remove.map((row) => row["id"]));
    for (const row of rows.filter((one) => !going.has(one["id"]))) {
      found.push(`the uid ${row["uid"]} belongs to another ${recordTitle(registry, row)} now`);
    }
  }
  return found;
}
