import type { FileStat } from "../../../store/host/host.ts";
import { type IndexedFiles, splitPath } from "../../../store/work_index/indexed_files.ts";
import { verdictBit } from "../../../store/work_index/packed_folder.ts";
import { basename, dirname } from "../../../store/path.ts";
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
  if (bits & verdictBit.isObject) {
    const { canonical } = suffixOf(name);
    if (!names.has(objectName(folder.sha256(position), canonical))) return undefined;
  }
  return folder.artifactId(position);
}

/** Names in the folders of objects, each folder listed once: cheaper than asking for each file. */
class StoredNames {
  readonly #byFolder = new Map<string, ReadonlySet<string>>();

  constructor(private readonly instance: Instance) {}

  has(name: string): boolean {
    const folder = dirname(name);
    let names = this.#byFolder.get(folder);
    if (names === undefined) this.#byFolder.set(folder, names = this.#list(folder));
    return names.has(basename(name));
  }

  #list(folder: string): ReadonlySet<string> {
    const path = this.instance.blobs.locate(folder);
    const { files } = this.instance.host;
    if (path === undefined || files.lstat(path)?.kind !== "directory") return new Set();
    return new Set(
      files.readDirectory(path).flatMap(({ name, kind }) => kind === "file" ? [name] : []),
    );
  }
}
