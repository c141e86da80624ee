/**
 * Programs of others that workflows are run with and exports checked by, from PyPI: snakemake,
 * redun, rocrate, roc-validator and prov. `.ci/run` makes a folder of their own for them.
 */
const tools = Deno.env.get("LAMIN_TEST_TOOLS");

/** Why tests with them are skipped, if they are. */
export const noTools = tools === undefined
  ? "LAMIN_TEST_TOOLS names no Python environment with snakemake, redun, rocrate and prov"
  : undefined;

/** Absolute path of one of the programs. */
export function toolPath(name: string): string {
  return `${tools}/bin/${name}`;
}

/** Runs one of the programs in a folder; throws unless it succeeds, or is to fail. */
export async function useTool(
  folder: string,
  name: string,
  args: readonly string[],
  { fails = false }: { readonly fails?: boolean } = {},
): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(toolPath(name), {
    args: [...args],
    cwd: folder,
    env: { HOME: folder, PATH: `${tools}/bin:${Deno.env.get("PATH")}` },
  }).output();
  if ((code !== 0) === fails) return;
  const decoder = new TextDecoder();
  throw new Error(
    `${name} ended with ${code}:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`,
  );
}

/** Runs a script of tests/interop/scripts with their Python; gives what it passed to `ANSWER`. */
// deno-lint-ignore no-explicit-any
export async function runTool(script: string, ...args: readonly string[]): Promise<any> {
  const { success, stdout, stderr } = await new Deno.Command(toolPath("python"), {
    args: [new URL(`./scripts/${script}`, import.meta.url).pathname, ...args],
  }).output();
  const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) ?? "";
  if (success && last.startsWith("ANSWER ")) return JSON.parse(last.slice("ANSWER ".length));
  throw new Error(`${script} failed:\n${new TextDecoder().decode(stderr)}`);
}
