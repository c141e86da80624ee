import type { Reader } from "../../../store/database/database.ts";
import { absentAmong, awaitedAmong, type AwaitedRow } from "../../artifact/not_fetched.ts";
import { selectArtifacts } from "../../artifact/get/select.ts";
import type { Instance } from "../../instance/instance.ts";
import { currentBranchId } from "../../instance/user.ts";
import { laminArrival } from "../tables.ts";
import { mainBranch, trashBranch } from "../../version/branch_ids.ts";

/** An artifact whose bytes are to be fetched. */
export interface ToFetch {
  readonly uid: string;
  readonly key: string | null;
  /** In bytes. */
  readonly size: number | null;
  /** What the user called the instance that it came from. */
  readonly remote: string;
}

/** What is to be fetched: named artifacts, the latest versions, or all outside the trash. */
export type FetchScope = { readonly references: readonly string[] } | "latest" | "all";

/** Artifacts of which it was asked whether they are to be fetched. */
export interface Selection {
  readonly toFetch: readonly ToFetch[];
  /** How many of those that were named are here. */
  readonly present: number;
}

type Row = AwaitedRow & { readonly size: number | null };

/**
 * Those artifacts of a scope that are not fetched. Throws code "not_found" or "ambiguous" for a
 * reference.
 */
export async function selectToFetch(instance: Instance, scope: FetchScope): Promise<Selection> {
  const toFetch: ToFetch[] = [];
  let count = 0;
  for await (const rows of rowsOf(instance, scope)) {
    count += rows.length;
    const awaited = await instance.database.read((reader) => awaitedAmong(instance, reader, rows));
    const absent = await absentAmong(instance, rows, awaited);
    for (const { id, uid, key, size } of rows) {
      const remote = absent.get(id);
      if (remote !== undefined) toFetch.push({ uid, key, size, remote });
    }
  }
  return { toFetch, present: count - toFetch.length };
}

async function* rowsOf(instance: Instance, scope: FetchScope): AsyncGenerator<readonly Row[]> {
  if (typeof scope === "object") {
    const selected = await instance.database.read((reader) =>
      selectArtifacts(instance, reader, scope.references)
    );
    return yield selected.map(({ row }) => row);
  }
  for (let after = 0;;) {
    const rows = await instance.database.read((reader) => page(instance, reader, scope, after));
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.id;
  }
}

/** How many rows are held at a time. */
const pageLength = 5000;

async function page(
  instance: Instance,
  reader: Reader,
  scope: "latest" | "all",
  after: number,
): Promise<Row[]> {
  if (!(await reader.hasTable(laminArrival.name))) return [];
  const isLatest = scope === "latest" ? "AND a.is_latest AND a.branch_id IN (?, ?)" : "";
  const branches = isLatest === "" ? [] : [mainBranch, await currentBranchId(instance, reader)];
  return await reader.all<Row>(
    `SELECT a.id, a.uid, a.key, a._real_key, a.suffix, a._key_is_virtual, a._overwrite_versions,
       a.storage_id, a.n_files, a.size
     FROM lamindb_artifact AS a WHERE a.id > ? AND a.branch_id <> ? ${isLatest}
       AND EXISTS (SELECT 1 FROM ${laminArrival.name} AS r WHERE a.id BETWEEN r.first_id AND r.last_id)
     ORDER BY a.id LIMIT ${pageLength}`,
    [after, trashBranch, ...branches],
  );
}
