import { LaminError } from "../../../store/errors.ts";
import type { FileStat } from "../../../store/host/host.ts";
import type { RelativePath } from "../../identity/key.ts";
import { type ContentFile, contentFilesOf } from "../content_files.ts";
import type { Instance } from "../../instance/instance.ts";
import { notFetchedAmong, notFetchedError } from "../not_fetched.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Destination } from "./destination.ts";
import { look, type LookedAt, type LookedAtFile, type LookTools } from "./look.ts";
import { recordedContents } from "./recorded.ts";
import type { Selected } from "./select.ts";

/** A file of an artifact and what is to be done about it. */
export interface PlannedFile {
  readonly file: ContentFile;
  /** Below the root of the destination. */
  readonly path: RelativePath;
  /** What is there now. */
  readonly present: FileStat | null;
  /** "keep": it is there already; "skip": something else is there that is recorded nowhere. */
  readonly action: "write" | "keep" | "skip";
  readonly why?: string;
}

export interface PlannedArtifact extends Omit<LookedAt, "files"> {
  readonly files: readonly PlannedFile[];
}

export interface PlanTools extends LookTools {
  /** Whether to replace what is recorded nowhere. */
  readonly force: boolean;
}

/**
 * What getting artifacts comes to, file by file; nothing is written. Artifacts that cannot be
 * written, because of hostile keys for example, carry their fault and do not stop the others.
 *
 * Throws code "usage" when two artifacts would be written to one path.
 */
export async function planGet(
  tools: PlanTools,
  selected: readonly Selected[],
): Promise<PlannedArtifact[]> {
  refuseDoublePaths(tools.destination, selected);
  const files = await contentFilesOf(tools.instance, selected.map(({ row }) => row));
  const looked: LookedAt[] = [];
  for (const one of selected) looked.push(await look(tools, one, files.get(one.row.id)!));
  await tellNotFetched(tools.instance, looked);
  const differing = looked.flatMap(({ files }) => files.flatMap(({ differs }) => differs ?? []));
  const recorded = tools.force
    ? new Set<string>()
    : await recordedContents(tools.instance, differing);
  return looked.map((one) => ({
    ...one,
    files: one.files.map((file) => decide(file, tools.force, recorded)),
  }));
}

/** Artifacts of which something would be written, and whose bytes did not come yet, fail. */
async function tellNotFetched(instance: Instance, looked: LookedAt[]): Promise<void> {
  const isWanted = ({ files, fault }: LookedAt) =>
    fault === undefined && files.some(({ isSame }) => !isSame);
  const wanted = looked.filter(isWanted).map(({ row }) => row);
  const notFetched = await notFetchedAmong(instance, wanted);
  if (notFetched.size === 0) return;
  looked.forEach((one, index) => {
    if (!isWanted(one) || !notFetched.has(one.row.id)) return;
    looked[index] = { ...one, files: [], fault: notFetchedError(one.row) };
  });
}

function refuseDoublePaths(destination: Destination, selected: readonly Selected[]): void {
  const taken = new Map<string, ArtifactRow>();
  for (const one of selected) {
    const path = destination.pathOf(one);
    const other = taken.get(path);
    if (other !== undefined) {
      throw new LaminError("usage", `two artifacts would be written to ${path}`, {
        hint: `${other.uid} and ${one.row.uid}: get them one by one, with --to`,
        data: { path, uids: [other.uid, one.row.uid] },
      });
    }
    taken.set(path, one.row);
  }
}

function decide(
  { isSame, differs, obstacle, ...file }: LookedAtFile,
  force: boolean,
  recorded: ReadonlySet<string>,
): PlannedFile {
  if (isSame) return { ...file, action: "keep" };
  if (obstacle !== undefined) return { ...file, action: "skip", why: obstacle };
  const isFree = file.present === null || force;
  if (isFree || (differs !== undefined && recorded.has(differs.sha256))) {
    return { ...file, action: "write" };
  }
  const why = file.present?.kind === "symlink"
    ? "a symbolic link is there"
    : "what is there is recorded nowhere";
  return { ...file, action: "skip", why };
}
