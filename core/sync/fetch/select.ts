import { type ArrivedRow, arrivedRows } from "../../artifact/arrived_rows.ts";
import { unstoredAmong } from "../../artifact/not_fetched.ts";
import { selectArtifacts } from "../../artifact/get/select.ts";
import type { Instance } from "../../instance/instance.ts";

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

/**
 * Those artifacts of a scope that are not fetched. Throws code "not_found" or "ambiguous" for a
 * reference.
 */
export async function selectToFetch(instance: Instance, scope: FetchScope): Promise<Selection> {
  const toFetch: ToFetch[] = [];
  let count = 0;
  for await (const rows of rowsOf(instance, scope)) {
    count += rows.length;
    const unstored = await instance.database.read((reader) =>
      unstoredAmong(instance, reader, rows)
    );
    for (const { id, uid, key, size } of rows) {
      const remote = unstored.get(id);
      if (remote !== undefined) toFetch.push({ uid, key, size, remote });
    }
  }
  return { toFetch, present: count - toFetch.length };
}

async function* rowsOf(
  instance: Instance,
  scope: FetchScope,
): AsyncGenerator<readonly ArrivedRow[]> {
  if (typeof scope === "object") {
    const selected = await instance.database.read((reader) =>
      selectArtifacts(instance, reader, scope.references)
    );
    return yield selected.map(({ row }) => row);
  }
  // Each page is read by itself: what is fetched meanwhile is nobody's hindrance.
  yield* arrivedRows(instance, (work) => instance.database.read(work), scope);
}
