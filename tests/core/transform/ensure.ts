import { allRegistries } from "../../../cli/modules.ts";
import { remoteStores } from "../../../cli/remote_stores.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { mutate } from "../../../core/operation/mutate.ts";
import { transform } from "../../../core/registry/lamindb/transform.ts";
import {
  ensureTransform,
  type TransformRow,
  type TransformWanted,
} from "../../../core/transform/ensure_transform.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Workspace } from "../../lamin.ts";

/** Opens the instance of a workspace in this process. */
export async function inProcess<T>(
  { root, home }: Workspace,
  work: (instance: Instance) => Promise<T>,
): Promise<T> {
  const host = { ...denoHost(), homeDirectory: () => home, workingDirectory: () => root };
  const instance = await openInstance(host, {
    wanted: root,
    openRemote: (root) => remoteStores(host, root),
    loadRegistries: () => Promise.resolve(allRegistries()),
  });
  try {
    return await work(instance);
  } finally {
    await instance.close();
  }
}

/** Ensures that there is a transform, on main and for a script unless said. */
export async function ensure(
  instance: Instance,
  wanted: Partial<TransformWanted> & { key: string },
): Promise<TransformRow> {
  const operation = { verb: "test", command: [] };
  const { result } = await mutate(instance, operation, async (changes) => ({
    result: await ensureTransform(instance, changes, { kind: "script", branchId: 1, ...wanted }),
    summary: "a test",
  }));
  return result;
}

/** All rows, in the order in which they came. */
export async function transforms(instance: Instance): Promise<TransformRow[]> {
  return await instance.database.read((reader) => reader.select(transform, "TRUE ORDER BY id"));
}
