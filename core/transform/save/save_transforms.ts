import { basename, join, relativeTo } from "../../../store/path.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Changes } from "../../operation/changes.ts";
import { mutate, type OperationName } from "../../operation/mutate.ts";
import { transform } from "../../registry/lamindb/transform.ts";
import { hashString } from "../../identity/hash.ts";
import { firstVersionSuffix, versionSuffix } from "../../identity/uid.ts";
import { ensureTransform } from "../ensure_transform.ts";
import { matchTransform } from "../match_transform.ts";
import type { TransformRow, TransformWanted } from "../transform_wanted.ts";
import { findProject, linkProject } from "../../run/projects.ts";
import { notebookReport } from "./notebook_report.ts";
import { ownId, SavedReport } from "./save_report.ts";
import type { SourceFile } from "./source_file.ts";

/** What became of a file of code. */
export interface SavedTransform {
  readonly path: string;
  readonly status: "added" | "new version" | "updated" | "unchanged";
  /** Of a plan, the row as it is, or one with what would be written. */
  readonly row: TransformRow;
  readonly isPlanned: boolean;
}

export interface SaveRequest {
  readonly operation: OperationName;
  readonly files: readonly SourceFile[];
  readonly branchId: number;
  /** Folder for temporary files. */
  readonly base: string;
  /** Name or uid of the project that they belong to. */
  readonly project?: string;
  /** In place of the titles of notebooks. */
  readonly description?: string;
}

/**
 * Saves scripts and notebooks as transforms, all of them or none, as `lamin save` of LaminDB does
 * (COMPAT §6.5), and notebooks with their reports. Other than there, code that changed is a new
 * version also under a uid that names an older one: nothing that was saved is overwritten.
 */
export async function saveTransforms(
  instance: Instance,
  request: SaveRequest,
): Promise<SavedTransform[]> {
  instance.requireWritable();
  const { operation, files, branchId } = request;
  const orders = files.map((file) => {
    const report = notebookReport(instance.host, file);
    const described = report?.description === undefined
      ? file
      : { ...file, description: report.description };
    return { file, report, wanted: wantedOf(instance, described, request) };
  });
  const reports = new Map<SourceFile, SavedReport>();
  try {
    for (const { file, report, wanted } of orders) {
      if (report === undefined) continue;
      reports.set(file, await SavedReport.stage(instance, report, wanted, request.base));
    }
    const { result } = await mutate(instance, operation, async (changes) => {
      const saved: SavedTransform[] = [];
      const { project } = request;
      const projectId = project && await findProject(changes.reader, project);
      for (const { file, wanted } of orders) {
        const before = changes.recorded.length;
        const row = await ensureTransform(instance, changes, wanted);
        await reports.get(file)?.record(changes, row, branchId);
        if (projectId) {
          await linkProject(instance, changes, { id: null, projectId }, "transform", [row.id]);
        }
        const status = statusOf(changes, before, row);
        saved.push({ path: file.path, status, row, isPlanned: false });
      }
      return { result: saved, summary: `save ${files.length} transforms` };
    });
    return result;
  } finally {
    for (const report of reports.values()) report.discard();
  }
}

/** What saving would do. */
export async function planTransforms(
  instance: Instance,
  request: SaveRequest,
): Promise<SavedTransform[]> {
  const hashing = await instance.host.hashing();
  return await instance.database.read(async (reader) => {
    const own = await ownId(instance, reader);
    const plans: SavedTransform[] = [];
    for (const file of request.files) {
      const wanted = wantedOf(instance, file, request);
      const hash = hashString(hashing, file.source);
      const match = await matchTransform(reader, wanted, hash, own);
      const { key, kind, description = null } = wanted;
      const row = "row" in match ? match.row : {
        ...emptyRow,
        ...(match.kind === "other version" ? { uid: match.revises.uid } : {}),
        ...{ key, kind, description, hash },
      };
      plans.push({ path: file.path, status: plannedStatus[match.kind], row, isPlanned: true });
    }
    return plans;
  });
}

const plannedStatus = {
  "found": "unchanged",
  "draft": "updated",
  "other version": "new version",
  "nothing": "added",
} as const;

/** Every column, so that a plan has the fields of the registry. */
const emptyRow = Object.fromEntries(
  Object.keys(transform.columns).map((name) => [name, null]),
) as unknown as TransformRow;

function wantedOf(
  instance: Instance,
  file: SourceFile,
  { branchId, description = file.description }: SaveRequest,
): TransformWanted {
  return {
    key: keyOf(instance, file.path),
    kind: file.kind,
    source: file.source,
    branchId,
    isGone: (key) => instance.host.files.lstat(join(instance.workTree.root, key)) === null,
    ...(file.uid === undefined ? {} : { uid: file.uid }),
    ...(description === undefined ? {} : { description }),
  };
}

/** As LaminDB's: relative to the work tree; of what lies elsewhere the name alone. */
export function keyOf({ workTree }: Instance, path: string): string {
  return relativeTo(workTree.root, path) ?? basename(path);
}

function statusOf(changes: Changes, before: number, row: TransformRow): SavedTransform["status"] {
  const all = changes.recorded.slice(before);
  const own = all.filter((change) =>
    change.table_name === transform.name && change.first_id === row.id
  );
  // A report may be new where the source is not.
  if (own.length === 0) return all.length === 0 ? "unchanged" : "updated";
  if (own.every((change) => change.before !== null)) return "updated";
  return versionSuffix(row.uid) === firstVersionSuffix ? "added" : "new version";
}
