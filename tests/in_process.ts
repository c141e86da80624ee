import { main } from "../cli/main.ts";
import { denoHost } from "../store/host/deno.ts";
import type { Host } from "../store/host/host.ts";
import type { Run, Workspace } from "./lamin.ts";

/**
 * A workspace whose program runs inside this process, for tests that run it so often that starting
 * it each time would take too long.
 */
export function inProcess({ root, home }: Pick<Workspace, "root" | "home">) {
  return {
    run: (...words: readonly string[]) => runInProcess(root, home, words),
    async json(...words: readonly string[]) {
      const { code, stdout, stderr } = await runInProcess(root, home, [...words, "--json"]);
      if (code !== 0) throw new Error(`lamin ${words.join(" ")} ended with ${code}:\n${stderr}`);
      return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
  };
}

async function runInProcess(root: string, home: string, words: readonly string[]): Promise<Run> {
  const out: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  const code = await main(hostFor(root, home, out, errors), words);
  const [stdout, stderr] = [out, errors].map((pieces) => new TextDecoder().decode(joined(pieces)));
  return { code, stdout: stdout!, stderr: stderr!, bytes: joined(out) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

/** Deno's host in another folder, with another home, and without terminal or environment. */
function hostFor(root: string, home: string, out: Uint8Array[], errors: Uint8Array[]): Host {
  const host = denoHost();
  return {
    ...host,
    workingDirectory: () => root,
    homeDirectory: () => home,
    hostName: () => "machine",
    environment: () => undefined,
    terminal: {
      ...host.terminal,
      inputIsTerminal: () => false,
      outputIsTerminal: () => false,
      errorIsTerminal: () => false,
      writeOutput: (bytes) => void out.push(bytes.slice()),
      writeError: (bytes) => void errors.push(bytes.slice()),
    },
  };
}
