import { hex } from "../../identity/hex.ts";
import type { Host } from "../../../store/host/host.ts";
import type { Program } from "./program.ts";
import { firstLine } from "./system.ts";

/** Interpreters and tools that are known to tell their version, and do nothing else. */
const tellsVersion =
  /^(R|Rscript|node|deno|bun|julia|perl|ruby|bash|zsh|nextflow|snakemake|uv|pixi|conda|mamba|quarto)$/;

/** Larger programs are told by their place alone. */
const hashedMax = 64 * 1024 * 1024;

/**
 * What is known of a program: its place, its version, or the SHA-256 of its bytes where it could do
 * anything when asked for its version.
 */
export async function programLine(host: Host, { name, path }: Program): Promise<string> {
  if (path === undefined) return `program: ${name}`;
  const told = tellsVersion.test(name) ? await firstLine(host, path, ["--version"]) : undefined;
  const what = told ?? await sha256(host, path);
  return `program: ${path}${what === undefined ? "" : `, ${what}`}`;
}

async function sha256(host: Host, path: string): Promise<string | undefined> {
  const stat = host.files.stat(path);
  if (stat?.kind !== "file" || stat.size > hashedMax) return undefined;
  try {
    const { digest } = await host.hashing();
    return `sha256 ${hex(digest("sha256", host.files.readFile(path)))}`;
  } catch {
    return undefined;
  }
}
