import type { Workspace } from "../lamin.ts";

/** The Python that has the real LaminDB, or undefined; `.ci/run` installs one. */
export const pythonPath = Deno.env.get("LAMIN_TEST_PYTHON");

/** Why tests with Python are skipped, if they are. */
export const noPython = pythonPath === undefined
  ? "LAMIN_TEST_PYTHON names no Python with lamindb 2.12.1"
  : undefined;

const scripts = new URL("./scripts/", import.meta.url).pathname;

/**
 * Runs a script of tests/interop/scripts in a workspace, with the same settings folder as the
 * program under test, and gives the value that it passed to `answer`.
 */
export async function python(
  workspace: Workspace & { readonly environment?: Readonly<Record<string, string>> },
  script: string,
  ...args: string[]
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const child = await new Deno.Command(pythonPath!, {
    args: [`${scripts}${script}`, ...args],
    cwd: workspace.root,
    env: {
      ...workspace.environment,
      HOME: workspace.home,
      LAMIN_SETTINGS_DIR: workspace.home,
      NO_RICH: "1",
    },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const lines = decoder.decode(child.stdout).trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  if (child.success && last.startsWith("ANSWER ")) return JSON.parse(last.slice("ANSWER ".length));
  throw new Error(`${script} ended with ${child.code}:\n${decoder.decode(child.stderr)}`);
}
