import { LaminError } from "../store/errors.ts";
import type { Host } from "../store/host/host.ts";
import { resolve } from "../store/path.ts";

/**
 * Paths with the shell patterns among them replaced by what they match: for quoted patterns and for
 * shells that leave patterns to the program. A path that exists is never taken for a pattern.
 */
export async function expandPatterns(host: Host, paths: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    const isPattern = /[*?[{]/.test(path) &&
      host.files.lstat(resolve(host.workingDirectory(), path)) === null;
    if (!isPattern) expanded.push(path);
    else expanded.push(...await matches(host, path));
  }
  return expanded;
}

async function matches(host: Host, pattern: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  let found: string[];
  try {
    // An empty segment is none for a path either, and the library takes it for a pattern.
    found = await glob(pattern.replace(/\/{2,}/g, "/"), {
      cwd: host.workingDirectory(),
      expandDirectories: false,
      onlyFiles: false,
      followSymbolicLinks: false,
      dot: pattern.includes("/.") || pattern.startsWith("."),
    });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    throw new LaminError("usage", `'${pattern}' cannot be read as a pattern`, {
      hint: "list the paths instead: --stdin takes them one a line",
      data: { pattern },
      cause: error,
    });
  }
  if (found.length > 0) return found.sort();
  throw new LaminError("not_found", `nothing matches the pattern '${pattern}'`, {
    data: { pattern },
  });
}
