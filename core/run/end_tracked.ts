import { timestamp } from "../../store/database/values.ts";
import type { Instance } from "../instance/instance.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { run } from "../registry/lamindb/run.ts";
import { runStatus } from "./run_status.ts";
import { removeRunFolder } from "./state/run_folders.ts";

/** Records how a script that was tracked ended; gives that in a word. */
export async function endTracked(
  instance: Instance,
  operation: OperationName,
  uid: string,
  code: number,
): Promise<"completed" | "errored"> {
  const status = code === 0 ? "completed" : "errored";
  await mutate(instance, operation, async (changes) => {
    const now = timestamp(instance.host.now());
    await changes.update(run, await changes.reader.select(run, "uid = ?", [uid]), {
      _status_code: runStatus[status],
      finished_at: now,
      updated_at: now,
    });
    return { result: undefined, summary: `ended ${uid}` };
  });
  removeRunFolder(instance, uid);
  return status;
}
