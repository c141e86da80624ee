import { dirname } from "../../../store/path.ts";
import { onDay } from "../../days.ts";
import type { Workspace } from "../../lamin.ts";

/** Turns one bit of a file. */
export function flipBit(path: string, offset: number): void {
  makeWritable(path);
  const bytes = Deno.readFileSync(path);
  bytes[offset]! ^= 4;
  Deno.writeFileSync(path, bytes);
}

/** Lets a file be written, as a disk that goes bad does not ask either. */
export function makeWritable(path: string): void {
  Deno.chmodSync(path, Deno.statSync(path).mode! | 0o200);
}

/** Keeps a file with all that the system has noted of it; returns what puts it back. */
export function keepFile(path: string): () => void {
  const aside = `${Deno.makeTempDirSync({ prefix: "lamin-test-" })}/kept`;
  const copy = (from: string, to: string) => {
    const { success } = new Deno.Command("cp", { args: ["-a", from, to] }).outputSync();
    if (!success) throw new Error(`${from} cannot be copied`);
  };
  copy(path, aside);
  return () => {
    copy(aside, path);
    Deno.removeSync(dirname(aside), { recursive: true });
  };
}

// deno-lint-ignore no-explicit-any
export type Findings = any[];

/** What `fsck` finds, whatever its exit code. */
export async function findingsOf(workspace: Workspace, ...words: string[]): Promise<Findings> {
  const { stdout, stderr, code } = await onDay(0, workspace).run("fsck", "--json", ...words);
  if (code !== 0 && code !== 13) throw new Error(stderr);
  const findings: Findings = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const isDamaged = findings.some(({ severity, repaired }) => severity === "damage" && !repaired);
  if (isDamaged !== (code === 13)) throw new Error(`exit code ${code} for:\n${stdout}`);
  return findings;
}

/** Kinds and places of what `fsck` finds, in order. */
export async function kindsOf(workspace: Workspace, ...words: string[]): Promise<string[]> {
  return (await findingsOf(workspace, ...words))
    .map(({ kind, name, uid }) => `${kind} ${name ?? uid}`).sort();
}
