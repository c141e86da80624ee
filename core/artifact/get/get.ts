import type { LaminError } from "../../../store/errors.ts";
import { WorkIndex } from "../../../store/work_index/work_index.ts";
import type { Instance } from "../../instance/instance.ts";
import { FileContents } from "../../work_tree/file_contents.ts";
import { liesHere } from "../lies_here.ts";
import type { ArtifactRow } from "../storage_key.ts";
import { Writer } from "./apply.ts";
import type { Destination } from "./destination.ts";
import { faultOf } from "./fault.ts";
import { planGet, type PlannedArtifact } from "./plan.ts";
import type { Selected } from "./select.ts";

export interface GetRequest {
  readonly selected: readonly Selected[];
  readonly destination: Destination;
  /** Whether to replace files that are recorded nowhere. */
  readonly force: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Called once the amount of work is known, then with each piece done. */
  readonly onTotal?: (bytes: number) => void;
  readonly onProgress?: (bytes: number, files: number) => void;
}

/** What became of an artifact. */
export interface Got {
  readonly row: ArtifactRow;
  /** Below the root of the destination. */
  readonly path: string;
  readonly status: "fetched" | "unchanged" | "skipped" | "failed";
  /** Files that were, or would be, written. */
  readonly written: number;
  /** Files that were left because what is there is recorded nowhere, and why. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** Files in a folder that are not part of the artifact; they were left. */
  readonly extra: readonly string[];
  /** Why it failed. */
  readonly fault?: LaminError;
}

/**
 * Brings artifacts to where they are wanted. What is there already is left, as is everything that
 * differs and is recorded nowhere, unless forced. One that fails does not stop the others.
 * Afterwards the index knows the files that were written into the work tree.
 *
 * Throws code "usage" when two artifacts would be written to one path.
 */
export async function get(instance: Instance, request: GetRequest): Promise<Got[]> {
  const { destination, dryRun } = request;
  const index = new WorkIndex(instance.host, instance.workIndexPath);
  try {
    const contents = new FileContents(instance, await index.load());
    const progress = (bytes: number, files = 0) => request.onProgress?.(bytes, files);
    const tools = { instance, destination, contents, force: request.force };
    const planned = await planGet({ ...tools, progress: () => {} }, request.selected);
    request.onTotal?.(bytesToWrite(planned));
    const writer = new Writer({ instance, tree: destination.tree, progress });
    if (!dryRun && planned.some(isToWrite)) destination.tree.makeRoot();
    const faults = dryRun ? new Map() : await bringAll(instance, writer, planned);
    const got = planned.map((one) => outcome(faults.get(one) ?? one));
    await index.update({ files: [...contents.learnt, ...writer.indexed] });
    return got;
  } finally {
    await index.close();
  }
}

/** Writes everything; gives those artifacts that failed, with their fault. */
async function bringAll(
  instance: Instance,
  writer: Writer,
  planned: readonly PlannedArtifact[],
): Promise<ReadonlyMap<PlannedArtifact, PlannedArtifact>> {
  const failed = new Map<PlannedArtifact, PlannedArtifact>();
  const fail = (one: PlannedArtifact, error: unknown) =>
    failed.set(one, { ...one, fault: faultOf(error) });
  const settle = async () => {
    for (const [one, error] of await writer.settle()) fail(one, error);
  };
  try {
    for (const group of await groupsOf(instance, planned)) {
      await group.fetched?.();
      for (const one of group.planned) {
        try {
          writer.tidy(one);
          await writer.stage(one);
        } catch (error) {
          fail(one, error);
        }
        if (writer.isFull) await settle();
      }
    }
    await settle();
    return failed;
  } finally {
    writer.discard();
  }
}

/** What is written one after the other, and what is done first where it lies on servers. */
interface Group {
  readonly planned: readonly PlannedArtifact[];
  readonly fetched?: () => Promise<void>;
}

async function groupsOf(
  instance: Instance,
  planned: readonly PlannedArtifact[],
): Promise<Iterable<Group>> {
  const isHere = planned.every(({ row, fault }) =>
    fault !== undefined || liesHere(instance.blobsOf(row.storage_id))
  );
  if (isHere) return [{ planned }];
  const { fetchGroups, prefetch } = await import("./prefetch.ts");
  return fetchGroups(planned).map((planned) => ({
    planned,
    fetched: () => prefetch(instance, planned),
  }));
}

function outcome({ row, path, files, extra, fault }: PlannedArtifact): Got {
  const written = files.filter(({ action }) => action === "write").length;
  const skipped = files.flatMap(({ action, path, why }) =>
    action === "skip" ? [{ path, why: why! }] : []
  );
  if (fault !== undefined) {
    return { row, path, status: "failed", written: 0, skipped, extra, fault };
  }
  const status = skipped.length > 0 ? "skipped" : written > 0 ? "fetched" : "unchanged";
  return { row, path, status, written, skipped, extra };
}

function isToWrite({ files }: PlannedArtifact): boolean {
  return files.some(({ action }) => action === "write");
}

function bytesToWrite(planned: readonly PlannedArtifact[]): number {
  const files = planned.flatMap(({ files }) => files.filter(({ action }) => action === "write"));
  return files.reduce((sum, { file }) => sum + (file.size ?? 0), 0);
}
