/** The files of the repository, for tests that hold them to the rules of the house. */

const root = new URL("../", import.meta.url).pathname;

/** Folders without files of the house's own writing. */
const passedOver = new Set([
  ".git",
  "coverage",
  "dist",
  "node_modules",
  "__snapshots__",
  "tests/fixtures",
]);

/** Paths of all files with one of the endings, relative to the repository. */
export function filesOf(...endings: readonly string[]): string[] {
  const found: string[] = [];
  const pending = [""];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const { name, isDirectory } of Deno.readDirSync(root + folder)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (isDirectory && !passedOver.has(name) && !passedOver.has(path)) pending.push(path);
      if (!isDirectory && endings.some((ending) => name.endsWith(ending))) found.push(path);
    }
  }
  return found.sort();
}

export function textOf(path: string): string {
  return Deno.readTextFileSync(root + path);
}

/** The absolute path of a file of the repository. */
export function absolute(path: string): string {
  return root + path;
}

/** What a module names in its imports, in those that are run later as well, types included. */
export function importsOf(path: string): string[] {
  const statements =
    /^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*[,)]/gm;
  return [...textOf(path).matchAll(statements)].map(([, one, two, three]) => one ?? two ?? three!);
}

/** The file of the repository that an import means; undefined for a package. */
export function importedFile(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
