import type { Instance } from "../instance/instance.ts";
import { InstanceSource } from "../sync/contents/instance_source.ts";
import { fetchContents, type Fetched, type FetchRequest } from "../sync/fetch/fetch.ts";

/**
 * Copies the bytes of artifacts that lie in storages of others into the storage that new artifacts
 * go to, all of them checked, and lets the rows say so, as one operation; `undo` lets them refer to
 * where they were again. Interrupted, it leaves whole objects, and goes on from there.
 */
export async function materialize(
  instance: Instance,
  uids: readonly string[],
  request: FetchRequest,
): Promise<Fetched> {
  const source = new InstanceSource(instance);
  return await fetchContents(instance, [{ source, uids, evenElsewhere: true }], {
    ...request,
    outcome: "brought home",
  });
}
