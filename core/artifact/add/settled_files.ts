import type { FileStat } from "../../../store/host/host.ts";
import { type IndexedFiles, splitPath } from "../../../store/work_index/indexed_files.ts";
import { verdictBit } from "../../../store/work_index/packed_folder.ts";
import { dirname } from "../../../store/path.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import { objectName } from "../storage_key.ts";
import type { AddRequest } from "./add.ts";
import type { SourceRequest } from "./source.ts";

/**
 * Which artifact records a file of the work tree as it is, of files of which the index knows that:
 * it holds as long as nobody changed the database since, of which `stamp` is the present state.
 * That the store still has their objects is looked up. Undefined when the index does not hold, or
 * the command says something about the artifacts beside their content.
 */
export function settledFiles(
  instance: Instance,
  request: AddRequest,
  indexed: IndexedFiles,
  stamp: string | undefined,
): SourceRequest["settledId"] {
  const { mark } = indexed;
  const holds = mark !== undefined && mark.stamp === stamp && mark.branch === mainBranch;
  if (!holds || saysMore(request)) return undefined;
  const names = new StoredNames(instance);
  return (workPath, stat) => settledId(indexed, workPath, stat, names);
}

function saysMore({ annotations, key, keyPrefix }: AddRequest): boolean {
  const { description, kind, versionTag, revises, branchId } = annotations;
  return [description, kind, versionTag, revises, key, keyPrefix].some((one) =>
    one !== undefined
  ) ||
    branchId !== mainBranch;
}

/** Id of the artifact that records the file as it is, if that is known. */
function settledId(
  indexed: IndexedFiles,
  workPath: string,
  stat: FileStat,
  names: StoredNames,
): number | undefined {
  const [folderPath, name] = splitPath(workPath);
  const folder = indexed.folders.get(folderPath);
  const position = folder?.position(name) ?? -1;
  if (folder === undefined || position < 0) return undefined;
  const needed = verdictBit.clean | verdictBit.keyed;
  const bits = folder.bits(position);
  if ((bits & needed) !== needed || !folder.isUnchanged(position, stat)) return undefined;
  const isObject = (bits & verdictBit.isObject) !== 0;
  if (isObject && !names.has(folder.sha256(position), name)) return undefined;
  return folder.artifactId(position);
}

/**
 * Names in the folders of objects. Each folder is listed once, and the suffix found once for all
 * that is the same after the first dot: cheaper than asking for each file.
 */
class StoredNames {
  readonly #byFolder = new Map<string, ReadonlySet<string>>();
  readonly #suffixes = new Map<string, string>();

  constructor(private readonly instance: Instance) {}

  /** Whether the store has the content under the suffix of a file's name. */
  has(sha256: string, fileName: string): boolean {
    const folder = sha256.slice(0, 2);
    let names = this.#byFolder.get(folder);
    if (names === undefined) this.#byFolder.set(folder, names = this.#list(sha256));
    return names.has(sha256 + this.#suffixOf(fileName));
  }

  #suffixOf(name: string): string {
    const dot = name.indexOf(".", 1);
    const end = dot < 0 ? "" : name.slice(dot);
    let suffix = this.#suffixes.get(end);
    if (suffix === undefined) this.#suffixes.set(end, suffix = suffixOf(name).canonical);
    return suffix;
  }

  #list(sha256: string): ReadonlySet<string> {
    const path = this.instance.blobs.locate(dirname(objectName(sha256, "")));
    const { files } = this.instance.host;
    if (path === undefined || files.lstat(path)?.kind !== "directory") return new Set();
    return new Set(files.readNames(path));
  }
}
