import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import { basename, dirname, join, relativeTo, resolve } from "../../../store/path.ts";
import { WorkTree } from "../../../store/work_tree.ts";
import { parseRelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Selected } from "./select.ts";

/** What of something selected decides where it goes. */
export interface Named extends Pick<Selected, "prefix"> {
  readonly row: Pick<ArtifactRow, "key" | "uid" | "description" | "suffix">;
}

/** Where artifacts are written to. */
export interface Destination {
  readonly tree: WorkTree;
  /**
   * The path of an artifact below the tree's root, not checked yet: keys come from the database.
   */
  pathOf(named: Named): string;
}

/**
 * The work tree, where artifacts go to their key; or `to`, decided as `cp` does: below it when it
 * is a folder, ends with `/` or there are several references, else it is the new name. Below it, a
 * folder of keys keeps its name and what is in it its place.
 *
 * Throws code "denied" for a place among the instance's own files, "usage" for no place or `-`.
 */
export function destinationOf(
  instance: Instance,
  to: string | undefined,
  isMany: boolean,
): Destination {
  if (to === undefined) return { tree: instance.workTree, pathOf: ({ row }) => nameOf(row) };
  refuseNoPlace(to);
  const { host } = instance;
  const path = resolve(host.workingDirectory(), to);
  refuseOwnFolder(instance, path, to);
  if (isMany || to.endsWith("/") || host.files.stat(path)?.kind === "directory") {
    return { tree: new WorkTree(host, path), pathOf: pathBelow };
  }
  return {
    tree: new WorkTree(host, dirname(path)),
    pathOf: ({ row, prefix }) =>
      prefix === undefined ? basename(path) : join(basename(path), row.key!.slice(prefix.length)),
  };
}

/**
 * The folder and the name in it of something new at `to`. Throws code "denied" for a place among
 * the instance's own files, "usage" for no place.
 */
export function newPlace(
  instance: Instance,
  to: string,
): { readonly tree: WorkTree; readonly fileName: string } {
  refuseNoPlace(to);
  const { host } = instance;
  const path = resolve(host.workingDirectory(), to);
  refuseOwnFolder(instance, path, to);
  return { tree: new WorkTree(host, dirname(path)), fileName: basename(path) };
}

/** `raw/` keeps its name below the destination, a single artifact only its last part. */
function pathBelow({ row, prefix }: Named): string {
  if (prefix === undefined) return basename(nameOf(row));
  const above = prefix.lastIndexOf("/", prefix.length - 2) + 1;
  return row.key!.slice(above);
}

/**
 * The key, or for an artifact without one its description, where that can be a file's name, or uid.
 */
function nameOf({ key, uid, description, suffix }: Named["row"]): string {
  if (key !== null) return key;
  if (description === null) return uid + suffix;
  const name = description.endsWith(suffix) ? description : description + suffix;
  return isFileName(name) ? name : uid + suffix;
}

function isFileName(name: string): boolean {
  if (name.includes("/")) return false;
  try {
    parseRelativePath(name);
    return true;
  } catch (error) {
    if (error instanceof LaminError) return false;
    throw error;
  }
}

/** An empty variable of a script is no place, and `-` means standard output to most programs. */
function refuseNoPlace(to: string): void {
  if (to !== "" && to !== "-") return;
  throw new LaminError("usage", `a path is needed, not '${to}'`, {
    hint: to === "-" ? "'lamin cat' prints the bytes" : "'.' is the current folder",
  });
}

function refuseOwnFolder({ host, location }: Instance, path: string, to: string): void {
  const real = realPath(host, path);
  for (const folder of [".lamindb", ".lamin"]) {
    const own = [join(location.root, folder), join(location.workTree, folder)];
    if (own.some((one) => relativeTo(one, real) !== undefined)) {
      throw new LaminError("denied", `${to} belongs to the instance itself`, {
        hint: "choose another folder",
        data: { path },
      });
    }
  }
}

/** The path with links followed, as far as it exists. */
function realPath(host: Host, path: string): string {
  if (host.files.stat(path) !== null) return host.files.realPath(path);
  return path === dirname(path) ? path : join(realPath(host, dirname(path)), basename(path));
}
