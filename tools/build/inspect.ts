import { binary, version } from "./paths.ts";
import { mustRun } from "./run.ts";

/** What is told about the executable when it is built. */
export interface Facts {
  readonly bytes: number;
  readonly sha256: string;
  /** Milliseconds from start to end of `lamin --version`. */
  readonly fastest: number;
  readonly median: number;
}

const runs = 20;

/**
 * Runs the executable outside of the checkout with an empty environment, and measures it.
 * @throws when it does not tell the version of deno.json.
 */
export async function inspectBinary(): Promise<Facts> {
  const times: number[] = [];
  for (let round = 0; round <= runs; round++) {
    const start = performance.now();
    const told = await mustRun(binary, ["--version"], emptySurroundings());
    if (round > 0) times.push(performance.now() - start);
    if (told.trim() !== version) throw new Error(`lamin --version says '${told.trim()}'`);
  }
  times.sort((one, other) => one - other);
  const content = await Deno.readFile(binary);
  return {
    bytes: content.length,
    sha256: new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex(),
    fastest: times[0]!,
    median: times[runs / 2]!,
  };
}

function emptySurroundings(): { cwd: string; clearEnv: true; env: Record<string, string> } {
  const windows = Deno.build.os === "windows";
  // Windows programs do not start without this one.
  const env: Record<string, string> = windows ? { SystemRoot: Deno.env.get("SystemRoot")! } : {};
  return { cwd: windows ? "C:\\" : "/", clearEnv: true, env };
}
