/**
 * Runs the host suite in a process of its own and prints one JSON line a case. The words of the
 * command line are the command that runs the probe under this host.
 */
import { nodeHost } from "../../store/host/node.ts";
import { currentHost } from "../../store/host/select.ts";
import { attachedCases } from "./host/attached_cases.ts";
import { hostCases, missingFor, runHostCase } from "./host_suite.ts";

/** What became of one case. */
export interface HostOutcome {
  readonly name: string;
  /** Why the case was not run, if it was not. */
  readonly missing?: string;
  /** Why it failed, if it did. */
  readonly failure?: string;
}

const chosen = await currentHost();
const host = chosen.environment("LAMIN_PROBE_HOST") === "node" ? nodeHost() : chosen;
const subject = { host, probe: host.commandLine() };

/** Where Deno's imitation of `node:fs` falls short; no build runs the node host under Deno. */
const limitsUnderDeno: Readonly<Record<string, string>> = {
  "a copy refuses what exists and leaves nothing when it fails":
    "Deno's node:fs gives no code for a copy onto a file",
  "a full non-blocking pipe is waited for": "Deno's node:fs repeats bytes to a full pipe",
  "a full non-blocking socket is waited for": "Deno's node:fs repeats bytes to a full socket",
  "a full non-blocking standard error is waited for": "Deno's node:fs repeats bytes to a full pipe",
  ...Object.fromEntries(
    attachedCases.map(({ name }) => [name, "Deno's node:net opens no pipe by its number"]),
  ),
};
const limits = host.engine === "node" && "Deno" in globalThis ? limitsUnderDeno : {};

async function outcome(hostCase: typeof hostCases[number]): Promise<HostOutcome> {
  const { name } = hostCase;
  const missing = limits[name] ?? await missingFor(hostCase, host);
  if (missing !== undefined) return { name, missing };
  try {
    await runHostCase(hostCase, subject);
    return { name };
  } catch (error) {
    return { name, failure: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

for (const hostCase of hostCases) {
  const line = JSON.stringify(await outcome(hostCase)) + "\n";
  host.terminal.writeOutput(new TextEncoder().encode(line));
}
host.exit(0);
