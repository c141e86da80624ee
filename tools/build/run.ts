/** What a program gave. */
export interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; `ok` is false too where it is not there. */
export async function run(
  program: string,
  args: readonly string[],
  options: Omit<Deno.CommandOptions, "args" | "stdout" | "stderr"> = {},
): Promise<Outcome> {
  try {
    const child = new Deno.Command(program, { stdin: "null", ...options, args: [...args] });
    const { success, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { ok: success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { ok: false, stdout: "", stderr: error.message };
  }
}

/** As {@link run}. @throws with what the program said, when it fails. */
export async function mustRun(...call: Parameters<typeof run>): Promise<string> {
  const { ok, stdout, stderr } = await run(...call);
  if (!ok) throw new Error(`${call[0]} ${call[1].join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}
