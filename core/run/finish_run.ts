import { LaminError } from "../../store/errors.ts";
import { timestamp } from "../../store/database/values.ts";
import { add, type AddResult } from "../artifact/add/add.ts";
import type { AddedAll } from "../artifact/add/added.ts";
import type { Instance } from "../instance/instance.ts";
import type { Changes } from "../operation/changes.ts";
import type { OperationName } from "../operation/mutate.ts";
import { run } from "../registry/lamindb/run.ts";
import type { RunInput } from "./inputs.ts";
import { linkProject } from "./projects.ts";
import { jsonText, linkInputs, linkOutputs } from "./record_run.ts";
import { extraDataOf, type RecordedCommand, type RecordedFile } from "./recorded_command.ts";
import type { RunFiles } from "./run_files.ts";
import type { RunStatus } from "./run_status.ts";
import type { StartedRun } from "./start_run.ts";

/** How a run ended, and what came of it. */
export interface RunEnd {
  readonly operation: OperationName;
  readonly status: RunStatus;
  readonly finishedAt: Date;
  /** Absolute paths of what it wrote and is to be recorded. */
  readonly written: readonly string[];
  /** What it read, as far as that was not noted before. */
  readonly inputs: readonly RunInput[];
  /** What ran, where that is known. */
  readonly command?: RecordedCommand;
  /** Its log and environment, published. */
  readonly files?: RunFiles;
}

/** Most outputs that are listed with the command; the rows of the artifacts name all. */
const listedMax = 10_000;

/**
 * Records the end of a run: what it made, its log and environment and how it ended, all in one
 * transaction. Throws code "conflict" when the run was removed meanwhile.
 */
export async function finishRun(
  instance: Instance,
  started: StartedRun,
  end: RunEnd,
): Promise<AddResult> {
  return await add(instance, {
    operation: end.operation,
    paths: end.written,
    allowKeyless: false,
    folders: "by name",
    annotations: { branchId: started.branchId },
    mode: "copy",
    dryRun: false,
    run: started,
    within: async (changes, added, unchanged) => {
      const { ids, listed } = await outputsOf(changes, added, unchanged);
      await linkInputs(changes, started.id, end.inputs.map(({ id }) => id));
      await linkOutputs(changes, started.id, ids);
      await linkProject(instance, changes, started, "artifact", ids);
      await writeEnd(instance, changes, started, end, listed);
      return `ended ${started.uid}: ${ids.length} recorded`;
    },
  });
}

interface Outputs {
  readonly ids: readonly number[];
  readonly listed: readonly RecordedFile[];
}

async function outputsOf(
  { reader }: Changes,
  added: AddedAll,
  unchanged: readonly number[],
): Promise<Outputs> {
  const paths = new Map<number, string>();
  const ids = [...unchanged];
  for (const { id, workPath } of added) {
    ids.push(id!);
    if (workPath !== undefined && paths.size < listedMax) paths.set(id!, workPath);
  }
  const list = reader.dialect.valuesOf(ids.slice(0, listedMax));
  const rows = ids.length === 0 ? [] : await reader.all<{ id: number; uid: string; key: string }>(
    `SELECT id, uid, key FROM lamindb_artifact WHERE id IN (${list.sql}) ORDER BY id`,
    list.parameters,
  );
  const listed = rows.map(({ id, uid, key }) => ({
    uid,
    path: paths.get(Number(id)) ?? key ?? uid,
  }));
  return { ids, listed };
}

async function writeEnd(
  instance: Instance,
  changes: Changes,
  { id, uid, branchId }: StartedRun,
  { status, finishedAt, command, inputs, files }: RunEnd,
  outputs: readonly RecordedFile[],
): Promise<void> {
  const [row] = await changes.reader.select(run, "id = ?", [id]);
  if (row === undefined) {
    throw new LaminError("conflict", `the run ${uid} was removed while it went on`, {
      hint: "its outputs are where it wrote them; 'lamin add' records them",
      data: { uid },
    });
  }
  const file = ({ uid, path }: RecordedFile): RecordedFile => ({ uid, path });
  const extra = command === undefined ? {} : {
    extra_data: jsonText(extraDataOf({
      ...command,
      inputs: [...command.inputs, ...inputs.map(file)],
      outputs,
    })),
  };
  await changes.update(run, [row], {
    _status_code: status,
    finished_at: timestamp(finishedAt),
    updated_at: timestamp(instance.host.now()),
    ...extra,
    ...await files?.record(changes, branchId),
  });
}
