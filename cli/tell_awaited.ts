import type { Instance } from "../core/instance/instance.ts";
import { LaminError } from "../store/errors.ts";
import type { Side } from "./remote_instance.ts";

/** Why a source is left as it is: it may not be written, or not now. */
const leftBy: ReadonlySet<LaminError["code"]> = new Set(["denied", "busy", "conflict"]);

/**
 * Lets a source know what the target has not fetched of it yet, so that its `gc` leaves that. What
 * is behind a connection is only read. `reopen` opens the source for writing, where it is not, only
 * when there is anything to say; a source that cannot be written stays as it is.
 */
export async function tellAwaited(
  source: Side,
  target: Side,
  reopen?: () => Promise<Side>,
): Promise<void> {
  if (source.instance === undefined || target.instance === undefined) return;
  const { unknownAwaited } = await import("../core/sync/lease/awaited.ts");
  const names = await unknownAwaited(source.instance, target.instance);
  if (names === undefined) return;
  const { holderOf, noteAwaited } = await import("../core/sync/lease/hold.ts");
  const holder = await holderOf(target.instance);
  const note = async (instance: Instance) => {
    instance.requireWritable();
    await noteAwaited(instance, holder, names);
  };
  try {
    if (reopen === undefined) return await note(source.instance);
    const writable = await reopen();
    try {
      if (writable.instance !== undefined) await note(writable.instance);
    } finally {
      await writable.instance?.close();
    }
  } catch (error) {
    if (!(error instanceof LaminError) || !leftBy.has(error.code)) throw error;
  }
}
