import { command, denoFolder, type Workspace } from "../lamin.ts";
import { testEnvironment } from "../test_database.ts";

/** How a process ended that was sent a signal. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stderr: string;
  /** From the signal to the end, in milliseconds; 0 when it had ended before. */
  readonly lingeredMs: number;
}

/** Runs the real program and sends it a signal some milliseconds after it was started. */
export async function killed(
  { root, home }: Pick<Workspace, "root" | "home">,
  words: readonly string[],
  signal: Deno.Signal,
  afterMs: number,
): Promise<Ended> {
  const { program, args } = command();
  const child = new Deno.Command(program, {
    args: [...args, ...words],
    cwd: root,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      DENO_DIR: denoFolder(),
      NO_COLOR: "1",
      ...testEnvironment,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let sentMs: number | undefined;
  const timer = setTimeout(() => {
    try {
      child.kill(signal);
      sentMs = performance.now();
    } catch {
      // It had ended already.
    }
  }, afterMs);
  const { code, signal: endedBy, stderr } = await child.output();
  clearTimeout(timer);
  const lingeredMs = sentMs === undefined ? 0 : performance.now() - sentMs;
  return { code, signal: endedBy, stderr: new TextDecoder().decode(stderr), lingeredMs };
}
