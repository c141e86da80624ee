import type { Instance } from "../../core/instance/instance.ts";
import { LaminError } from "../../store/errors.ts";
import { mayHaveRuns } from "./note_read.ts";

/**
 * For verbs that show runs: those whose programs died are aborted from now on, or are shown so
 * where nothing is written. Costs a look at one name where there are none.
 */
export async function settleLeft(instance: Instance): Promise<void> {
  if (!mayHaveRuns(instance)) return;
  const isReading = instance.database.readOnly || instance.database.whyReadOnly !== undefined;
  try {
    if (isReading) {
      const { showDeadRuns } = await import("../../core/run/show_dead_runs.ts");
      await showDeadRuns(instance);
    } else {
      const { settleRuns } = await import("../../core/run/settle_runs.ts");
      await settleRuns(instance);
    }
  } catch (error) {
    // Another one's turn then, such as where the database is held.
    if (!(error instanceof LaminError)) throw error;
  }
}
