import { LaminError } from "../../store/errors.ts";
import { relativeTo, resolve } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import { eachFolderAbove } from "./folders.ts";
import type { TrackedArtifact } from "./tracked.ts";

/** Paths in the work tree to which a comparison is restricted; `""` is all of it. */
export interface Scope {
  /** None below another. */
  readonly roots: readonly string[];
  includes(path: string): boolean;
}

/**
 * The scope that paths on the command line name, relative to the working directory; everything when
 * there are none; a path inside a folder that is one artifact means all of it. Throws code "usage"
 * for a path outside the work tree.
 */
export function scopeOf(
  instance: Instance,
  paths: readonly string[],
  tracked: ReadonlyMap<string, TrackedArtifact>,
): Scope {
  const { host, workTree } = instance;
  const named = paths.map((path) => {
    const inside = relativeTo(workTree.root, resolve(host.workingDirectory(), path));
    if (inside !== undefined) return widened(inside, tracked);
    throw new LaminError("usage", `${path} lies outside the work tree ${workTree.root}`, {
      data: { path },
    });
  });
  const roots = withoutNested(named.length === 0 ? [""] : named);
  return { roots, includes: (path) => roots.some((root) => isBelow(root, path)) };
}

/** The path, or the folder above it that is one artifact. */
function widened(path: string, tracked: ReadonlyMap<string, TrackedArtifact>): string {
  let widest = path;
  eachFolderAbove(path, (folder) => {
    if ((tracked.get(folder)?.fileCount ?? null) !== null) widest = folder;
    return true;
  });
  return widest;
}

/** Whether a path is `root` or lies below it. */
export function isBelow(root: string, path: string): boolean {
  return root === "" || path === root || path.startsWith(`${root}/`);
}

function withoutNested(paths: readonly string[]): string[] {
  const sorted = [...new Set(paths)].sort((a, b) => a.length - b.length);
  return sorted.filter((path, index) =>
    !sorted.slice(0, index).some((other) => isBelow(other, path))
  );
}
