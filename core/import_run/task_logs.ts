import type { BlobBatch } from "../../store/objects/blob_store.ts";
import type { Host } from "../../store/host/host.ts";
import type { Instance } from "../instance/instance.ts";
import { newRunUid } from "../run/record_run.ts";
import { LogRedactor } from "../run/redact.ts";
import { RunFiles } from "../run/run_files.ts";
import type { ImportedTask } from "./imported.ts";
import type { TakenFiles } from "./taken_files.ts";

/** The run that a task is to be, and what it printed. */
export interface Drafted {
  readonly uid: string;
  readonly files: RunFiles;
}

/**
 * Gives each task the uid of a run and stages what it printed, without secrets, as `lamin run` and
 * Python keep it (COMPAT §6.3). A log that was not taken is left out.
 */
export async function draftRuns(
  instance: Instance,
  taken: TakenFiles,
  tasks: readonly ImportedTask[],
  batch: BlobBatch,
): Promise<Map<string, Drafted>> {
  const drafted = new Map<string, Drafted>();
  for (const task of tasks) {
    const files = new RunFiles(instance, batch);
    const uid = newRunUid(instance);
    const paths: string[] = [];
    for (const path of task.logs ?? []) {
      const found = await taken.take({ path }, task.finishedAt);
      if (typeof found === "object" && !found.isFolder) paths.push(found.path);
    }
    if (paths.length > 0 || task.logText !== undefined) {
      const pieces = redacted(printed(instance.host, paths, task.logText));
      await files.takeText("report_id", pieces, `log streams of run ${uid}`);
    }
    drafted.set(task.id, { uid, files });
  }
  return drafted;
}

/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

async function* printed(
  host: Host,
  paths: readonly string[],
  text: string | undefined,
): AsyncGenerator<Uint8Array> {
  if (text !== undefined) yield new TextEncoder().encode(text);
  for (const path of paths) {
    const file = host.files.open(path, { read: true });
    try {
      const buffer = new Uint8Array(pieceBytes);
      for (let count = file.read(buffer); count > 0; count = file.read(buffer)) {
        yield buffer.subarray(0, count);
      }
    } finally {
      file.close();
    }
  }
}

async function* redacted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const redactor = new LogRedactor();
  for await (const piece of pieces) yield redactor.feed(piece);
  yield redactor.end();
}
