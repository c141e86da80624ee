import { LaminError } from "../../errors.ts";
import { forEachOf } from "../../for_each_of.ts";
import type { S3Client } from "./s3_client.ts";
import { listPages } from "./s3_list.ts";
import { lookAt } from "./s3_look.ts";

/** From so many names on, listing is tried before they are asked for one by one. */
const listedMin = 100;

/** A page of a list costs about as much as this many single questions at once. */
const namesPerPage = 20;

/** The sizes of the objects that are there; none of the names ends with `/`. */
export async function sizesOf(
  client: S3Client,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const open = new Set(names);
  if (open.size >= listedMin) await listSizes(client, open, found);
  await forEachOf(open, 32, async (name) => {
    const object = await lookAt(client, client.keyOf(name));
    if (object !== undefined) found.set(name, object.size);
  });
  // In the order in which they were asked for.
  return new Map(names.flatMap((name) => found.has(name) ? [[name, found.get(name)!]] : []));
}

/**
 * Lists what the names have in common, as long as that is worth it: what lies among many others is
 * left in `open`, to be asked for singly. Who may not list is not refused for it.
 */
async function listSizes(
  client: S3Client,
  open: Set<string>,
  found: Map<string, number>,
): Promise<void> {
  const keys = new Map([...open].map((name) => [client.keyOf(name), name]));
  const prefix = commonFolder([...keys.keys()]);
  let pages = Math.ceil(open.size / namesPerPage);
  try {
    for await (const { objects } of listPages(client, { prefix })) {
      for (const { key, size } of objects) {
        const name = keys.get(key);
        if (name !== undefined && open.delete(name)) found.set(name, size);
      }
      if (open.size === 0 || --pages === 0) return;
    }
  } catch (error) {
    if (error instanceof LaminError && error.code === "denied") return;
    throw error;
  }
  // All was listed: what did not come is not there.
  open.clear();
}

function commonFolder(keys: readonly string[]): string {
  let common = keys[0]!;
  for (const key of keys) {
    while (!key.startsWith(common)) common = common.slice(0, -1);
  }
  return common.slice(0, common.lastIndexOf("/") + 1);
}
