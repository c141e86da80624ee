import type { Workspace } from "../lamin.ts";
import { s3Keys } from "../s3_server.ts";

/** The Python that has the real LaminDB, or undefined; `.ci/run` installs one. */
export const pythonPath = Deno.env.get("LAMIN_TEST_PYTHON");

/** Why tests with Python are skipped, if they are. */
export const noPython = pythonPath === undefined
  ? "LAMIN_TEST_PYTHON names no Python with lamindb 2.12.1"
  : undefined;

/** The folder of the scripts. */
export const scripts = new URL("./scripts/", import.meta.url).pathname;

/** The same settings folder as the program under test has, and keys for the test's buckets. */
export function pythonEnvironment({ home }: Pick<Workspace, "home">): Record<string, string> {
  return { HOME: home, LAMIN_SETTINGS_DIR: home, NO_RICH: "1", ...s3Keys };
}

/**
 * Runs a script of tests/interop/scripts in a workspace, with the same settings folder as the
 * program under test, and gives the value that it passed to `answer`.
 */
export async function python(
  workspace: Pick<Workspace, "root" | "home">,
  script: string,
  ...args: string[]
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  return await pythonOf(workspace, undefined, script, ...args);
}

/** As {@link python}, with a value that the script reads as JSON from its standard input. */
export async function pythonOf(
  workspace: Pick<Workspace, "root" | "home">,
  input: unknown,
  script: string,
  ...args: string[]
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const process = new Deno.Command(pythonPath!, {
    args: [`${scripts}${script}`, ...args],
    cwd: workspace.root,
    env: pythonEnvironment(workspace),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  if (input !== undefined) await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const child = await process.output();
  const decoder = new TextDecoder();
  const lines = decoder.decode(child.stdout).trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  if (child.success && last.startsWith("ANSWER ")) return JSON.parse(last.slice("ANSWER ".length));
  throw new Error(`${script} ended with ${child.code}:\n${decoder.decode(child.stderr)}`);
}
