import { type IndexedFiles, splitPath } from "../../../store/work_index/indexed_files.ts";
import { verdictBit } from "../../../store/work_index/packed_folder.ts";
import { basename, dirname } from "../../../store/path.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Instance } from "../../instance/instance.ts";
import { mainBranch } from "../../version/branch_ids.ts";
import { objectName } from "../storage_key.ts";
import type { AddRequest } from "./add.ts";
import type { Source } from "./source.ts";

/** Sources that need a look, and the artifacts of those that are as they are recorded. */
export interface Passed {
  readonly left: readonly Source[];
  readonly unchanged: readonly number[];
}

/**
 * Sets aside the files of which the index knows that they are recorded as they are: that holds as
 * long as nobody changed the database since, of which `stamp` is the present state. That the store
 * still has their objects is looked up. Nothing is set aside when the command says something about
 * the artifacts beside their content.
 */
export function passSettled(
  instance: Instance,
  request: AddRequest,
  sources: readonly Source[],
  indexed: IndexedFiles,
  stamp: string | undefined,
): Passed {
  const { mark } = indexed;
  const holds = mark !== undefined && mark.stamp === stamp && mark.branch === mainBranch;
  if (!holds || saysMore(request)) return { left: sources, unchanged: [] };
  const names = new StoredNames(instance);
  const left: Source[] = [];
  const unchanged: number[] = [];
  for (const source of sources) {
    const id = settledId(indexed, source, names);
    if (id === undefined) left.push(source);
    else unchanged.push(id);
  }
  return { left, unchanged };
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
  { isFolder, workPath, stat }: Source,
  names: StoredNames,
): number | undefined {
  if (isFolder || workPath === undefined) return undefined;
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
