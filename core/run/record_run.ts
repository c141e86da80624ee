import type { RowOf } from "../../store/database/table.ts";
import { timestamp } from "../../store/database/values.ts";
import { newUid } from "../identity/uid.ts";
import { everybodysSpace } from "../instance/everybodys_space.ts";
import type { Instance } from "../instance/instance.ts";
import { currentUserId } from "../instance/user.ts";
import type { Changes } from "../operation/changes.ts";
import { dumpJson } from "../python/json.ts";
import { pythonValue } from "../python/value.ts";
import { run } from "../registry/lamindb/run.ts";
import { cutOff } from "../text/cut_off.ts";
import type { RunStatus } from "./run_status.ts";

export { linkInputs, linkOutputs } from "./link_data.ts";

export type RunRow = RowOf<typeof run>;

/** A JSON object; what is undefined in it is left out. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A run to be recorded. Secrets are the caller's to take out (core/run/redact.ts). */
export interface RunWanted {
  readonly transformId: number;
  readonly branchId: number;
  readonly status: RunStatus;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  /** Chosen before the row is written, where others are told of the run by then. */
  readonly uid?: string;
  /** At most 150 characters. */
  readonly name?: string;
  readonly description?: string;
  readonly params?: JsonObject;
  /** The words after the program's name; cut off at 1024 characters. */
  readonly cliArgs?: string;
  /** At most 255 characters. */
  readonly entrypoint?: string;
  readonly reference?: string;
  readonly referenceType?: string;
  readonly initiatedByRunId?: number;
  readonly extraData?: JsonObject;
}

/** Inserts a run of the current user, as Python does (COMPAT §6.2). */
export async function insertRun(
  instance: Instance,
  changes: Changes,
  wanted: RunWanted,
): Promise<RunRow> {
  const now = timestamp(instance.host.now());
  const row: Omit<RunRow, "id"> = {
    uid: wanted.uid ?? newRunUid(instance),
    name: wanted.name ?? null,
    description: wanted.description ?? null,
    entrypoint: wanted.entrypoint ?? null,
    started_at: timestamp(wanted.startedAt),
    finished_at: wanted.finishedAt === undefined ? null : timestamp(wanted.finishedAt),
    params: jsonText(wanted.params),
    reference: wanted.reference ?? null,
    reference_type: wanted.referenceType ?? null,
    cli_args: wanted.cliArgs ? cutOff(wanted.cliArgs, cliArgsMax) : null,
    _is_consecutive: null,
    _status_code: wanted.status,
    transform_id: wanted.transformId,
    environment_id: null,
    plan_id: null,
    report_id: null,
    initiated_by_run_id: wanted.initiatedByRunId ?? null,
    extra_data: jsonText(wanted.extraData),
    created_at: now,
    created_by_id: await currentUserId(instance, changes),
    updated_at: now,
    branch_id: wanted.branchId,
    created_on_id: wanted.branchId,
    space_id: everybodysSpace,
    is_locked: false,
    _aux: null,
  };
  const [id] = await changes.insert(run, [row]);
  return { ...row, id: id! };
}

/** A uid that no run has. */
export function newRunUid({ host }: Pick<Instance, "host">): string {
  return newUid(host, "Run");
}

/** The text of a JSON column; empty objects are NULL, as Python leaves them. */
export function jsonText(value: JsonObject | undefined): string | null {
  if (value === undefined || Object.keys(value).length === 0) return null;
  return dumpJson(pythonValue(value));
}

/** How many characters LaminDB's column takes. */
const cliArgsMax = 1024;
