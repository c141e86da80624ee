import { LaminError } from "../../store/errors.ts";
import { relativeTo, resolve } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";

/** Paths in the work tree to which a comparison is restricted; `""` is all of it. */
export interface Scope {
  /** None below another. */
  readonly roots: readonly string[];
  includes(path: string): boolean;
}

/**
 * The scope that paths on the command line name, relative to the working directory; everything when
 * there are none. Throws code "usage" for a path outside the work tree.
 */
export function scopeOf(instance: Instance, paths: readonly string[]): Scope {
  const { host, workTree } = instance;
  const named = paths.map((path) => {
    const inside = relativeTo(workTree.root, resolve(host.workingDirectory(), path));
    if (inside !== undefined) return inside;
    throw new LaminError("usage", `${path} lies outside the work tree ${workTree.root}`, {
      data: { path },
    });
  });
  const roots = withoutNested(named.length === 0 ? [""] : named);
  return { roots, includes: (path) => roots.some((root) => isBelow(root, path)) };
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
