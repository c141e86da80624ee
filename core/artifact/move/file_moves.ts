import type { Reader } from "../../../store/database/database.ts";
import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { isAbsolute, join } from "../../../store/path.ts";
import { isSameFile } from "../../../store/same_file.ts";
import { WorkTree } from "../../../store/work_tree.ts";
import { parseRelativePath, type RelativePath, whyNoKey } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import { folderFiles } from "../add/folder_files.ts";
import { presentAt } from "../../work_tree/present.ts";
import { missingBytes } from "../content_files.ts";
import type { ArtifactRow } from "../storage_key.ts";
import { hasContent, type KnownContents, knownContents } from "./moved_by_hand.ts";
import type { NewKey } from "./new_keys.ts";

/** A file or folder of a user that goes along with its artifact. */
export interface FileMove {
  readonly tree: WorkTree;
  readonly from: RelativePath;
  readonly to: RelativePath;
  /**
   * Files below `from` when the bytes are the recorded ones, so that they must never be without the
   * name that the row has; empty text for `from` itself. Undefined for what can simply be renamed.
   */
  readonly recorded: readonly string[] | undefined;
}

/**
 * How things stand with the file of an artifact. "left" is one under a name that is not written by
 * us, and so not taken away either: a stranger's row may name what it likes.
 */
export type FileState = "moved" | "moved by hand" | "not here" | "left";

export interface FilePlan {
  readonly moves: readonly FileMove[];
  readonly state: FileState;
}

/**
 * What has to be moved for an artifact: the file or folder at its key in the work tree, and bytes
 * that were registered in place. `known` spares queries where many move.
 *
 * Throws code "conflict" when something is in the way, "damaged" when bytes in place are gone.
 */
export async function fileMoves(
  instance: Instance,
  reader: Reader,
  keys: readonly NewKey[],
  head: ArtifactRow,
  known?: KnownContents,
): Promise<FilePlan> {
  const [inPlace, other] = distinctPlaces(keys.map((one) => asLying(instance, one)));
  const { root, workTree } = instance.location;
  const plans: FilePlan[] = [];
  if (inPlace !== undefined) {
    const tree = root === workTree ? instance.workTree : new WorkTree(instance.host, root);
    requireMovable(instance, inPlace.row, other?.row);
    const placed = isInPlace(asLying(instance, { row: head }).row) ? head : inPlace.row;
    const isSame = sameContent(instance, reader, placed, known);
    const plan = await planMove(instance, tree, inPlace, isSame, true);
    if (plan.state === "not here") throw missingBytes(inPlace.row, inPlace.row.key!);
    plans.push(plan);
  }
  const named = keys.find(({ row }) => row.id === head.id) ?? keys[0]!;
  if (inPlace === undefined || root !== workTree) {
    const isSame = sameContent(instance, reader, head, known);
    plans.push(await planMove(instance, instance.workTree, named, isSame, false));
  }
  return {
    moves: plans.flatMap(({ moves }) => moves),
    state: plans.find(({ state }) => state !== "not here")?.state ?? "not here",
  };
}

/** Whether a row's bytes lie at its key, among the files of users (COMPAT §5.2). */
export function isInPlace(row: ArtifactRow): boolean {
  return row.key !== null && row._real_key === null && !row._key_is_virtual;
}

/**
 * A version as it is when it gets another key: bytes on a server keep their name, since others may
 * know them by it, and the row says from then on where they lie.
 */
export function asLying<T extends { readonly row: ArtifactRow }>(instance: Instance, one: T): T {
  const { row } = one;
  return isNamedElsewhere(instance, row) ? { ...one, row: { ...row, ...namedPlace(row) } } : one;
}

/** Whether the bytes of a row lie at its key on a server. */
export function isNamedElsewhere(instance: Instance, row: ArtifactRow): boolean {
  const root = instance.storages.get(row.storage_id)?.root;
  return isInPlace(row) && root !== undefined && !isAbsolute(root);
}

/** What says that bytes lie where the key of a row named them (COMPAT §5.5). */
export function namedPlace({ key }: ArtifactRow) {
  return { _real_key: key, _key_is_virtual: true };
}

/** Versions in place, one for each place that they lie at. */
function distinctPlaces(keys: readonly NewKey[]): NewKey[] {
  const places = keys.filter(({ row }) => isInPlace(row)).map((one) => [one.row.key, one] as const);
  return [...new Map(places).values()];
}

function requireMovable(
  instance: Instance,
  row: ArtifactRow,
  other: ArtifactRow | undefined,
): void {
  const isOwn = row.storage_id === instance.ownStorage.id;
  if (isOwn && other === undefined) return;
  const where = isOwn
    ? `at ${row.key} and at ${other!.key}`
    : `at that key in ${instance.storages.get(row.storage_id)?.root ?? "another storage"}`;
  throw new LaminError("conflict", `the bytes of ${row.key} lie ${where}`, {
    hint: "bytes in place move along only from one place in the instance's own storage",
    data: { uid: row.uid, key: row.key },
  });
}

/** Answers whether what is at a path has the content of a version, asking only when asked. */
function sameContent(
  instance: Instance,
  reader: Reader,
  row: ArtifactRow,
  known: KnownContents | undefined,
): (absolute: string) => Promise<boolean> {
  return async (absolute) => {
    const contents = known?.artifacts.has(row.id) ? known : await knownContents(reader, [row]);
    return await hasContent(instance, contents, row, absolute);
  };
}

async function planMove(
  instance: Instance,
  tree: WorkTree,
  { row, key: to }: NewKey,
  isSame: (absolute: string) => Promise<boolean>,
  isRecorded: boolean,
): Promise<FilePlan> {
  const from = safePath(row.key);
  tree.requireFolders(to);
  const there = tree.stat(to);
  const here = from === undefined ? null : tree.stat(from);
  const kind = row.n_files === null ? "file" : "directory";
  const isHere = here?.kind === kind || (here?.kind === "symlink" && !isRecorded);
  const isBegun = isHere && (isRecorded || kind === "file") && isLinked(instance, tree, from!, to);
  if (isHere && there !== null && !isBegun) throw inTheWay(to);
  if (isHere) {
    tree.requireFolders(from!);
    const recorded = isRecorded ? filesOf(join(tree.root, from!), instance.host, kind) : undefined;
    return { state: "moved", moves: [{ tree, from: from!, to, recorded }] };
  }
  if (there === null) {
    return { state: isLeft(instance, tree, row.key) ? "left" : "not here", moves: [] };
  }
  if (await isSame(join(tree.root, to))) {
    return { state: "moved by hand", moves: [] };
  }
  throw inTheWay(to);
}

/** Whether something is at a key that is one, but that we do not write to. */
function isLeft({ host }: Instance, tree: WorkTree, key: string | null): boolean {
  if (key === null || safePath(key) !== undefined || whyNoKey(key) !== null) return false;
  return presentAt(host, join(tree.root, key)) !== null;
}

/**
 * Whether what is at `to` are second names of what is at `from`, and nothing else: a move left them
 * that died before its rows changed.
 */
function isLinked(
  { host }: Instance,
  tree: WorkTree,
  from: RelativePath,
  to: RelativePath,
): boolean {
  const kind = tree.stat(to)?.kind;
  if (kind !== "file" && kind !== "directory") return false;
  try {
    return filesOf(join(tree.root, to), host, kind).every((path) => {
      const [here, there] = [from, to].map((place) =>
        host.files.lstat(join(tree.root, place, path))
      );
      return isSameFile(here, there);
    });
  } catch (error) {
    if (error instanceof LaminError) return false; // no plain files
    throw error;
  }
}

/** A key from the database as a path in the work tree, undefined when it cannot be one. */
function safePath(key: string | null): RelativePath | undefined {
  if (key === null) return undefined;
  try {
    return parseRelativePath(key);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}

/** Paths of files below an absolute path; empty text for a file itself. */
function filesOf(absolute: string, host: Host, kind: "file" | "directory"): string[] {
  if (kind === "file") return [""];
  return folderFiles(host, absolute).map(({ path }) => path);
}

function inTheWay(path: string): LaminError {
  return new LaminError("conflict", `there is something else at ${path} already`, {
    hint: "move it away first, or add it",
    data: { path },
  });
}
