import type { Host } from "./host.ts";

/**
 * The host of the engine that runs this code: Deno's own API under Deno, `node:` modules elsewhere.
 * Each is loaded on demand, so that no engine meets the other's modules at start-up.
 */
export async function currentHost(): Promise<Host> {
  if ("Deno" in globalThis) return (await import("./deno.ts")).denoHost();
  return (await import("./node.ts")).nodeHost();
}
