import type { Reader } from "../../store/database/database.ts";
import { type LogEntry, type LogFilter, newestFirst } from "./entry.ts";
import { nameSamples } from "./name_samples.ts";
import { operationDrafts } from "./operation_drafts.ts";
import { pythonDrafts } from "./python_drafts.ts";
import { runDrafts } from "./run_drafts.ts";

/**
 * The history of the whole instance, newest first: our operations, runs that Python recorded, and
 * what Python wrote without one. Reads only about as much as it gives, by the indexes on times.
 */
export async function wholeLog(reader: Reader, filter: LogFilter): Promise<LogEntry[]> {
  const known = newestFirst([
    ...await operationDrafts(reader, filter),
    ...await runDrafts(reader, filter),
  ]).slice(0, filter.limit);
  // What is older than all that will be shown need not be looked for.
  const oldest = known.length === filter.limit ? known.at(-1)!.at : filter.since;
  const rest = await pythonDrafts(reader, { ...filter, since: oldest });
  return await nameSamples(reader, newestFirst([...known, ...rest]).slice(0, filter.limit));
}
