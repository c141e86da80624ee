/**
 * Runs the long forms of the tests: `deno task test:soak [how many times longer] [options of deno
 * test]`. They are the same test files; those that have a long form lead to tests/soak.ts.
 */

const root = new URL("..", import.meta.url);
const soak = new URL("tests/soak.ts", root).href;

/** Test files below a folder, as URLs. */
function* testFiles(folder: URL): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* testFiles(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) yield new URL(name, folder).href;
  }
}

/** Whether a file imports another one, itself or through what it imports. */
function leadsTo(wanted: string, file: string, seen = new Set<string>()): boolean {
  if (file === wanted) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  return importsOf(file).some((next) => leadsTo(wanted, next, seen));
}

function importsOf(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file));
  return [...text.matchAll(/^(?:import|\}) .*?from "(\.[^"]+\.ts)";$/gm)]
    .map(([, path]) => new URL(path!, file).href);
}

/** The test files that have a long form, relative to the project. */
export function filesWithLongForms(): string[] {
  return [...testFiles(new URL("tests/", root))]
    .filter((file) => leadsTo(soak, file))
    .map((file) => file.slice(root.href.length))
    .sort();
}

if (import.meta.main) {
  const [first, ...others] = Deno.args;
  const isLength = /^\d+$/.test(first ?? "");
  const options = isLength || first === undefined ? others : [first, ...others];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/test.ts", ...filesWithLongForms(), ...options],
    cwd: root,
    env: { LAMIN_SOAK: isLength ? first! : "1" },
  }).spawn().status;
  Deno.exit(code);
}
