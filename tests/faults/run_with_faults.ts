import { main } from "../../cli/main.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { random } from "../seed.ts";
import type { FaultyCalls } from "./fault.ts";
import { withFaultyBlobs } from "./faulty_blobs.ts";
import { withFaultyStatements } from "./faulty_database.ts";
import { faultyFiles } from "./faulty_files.ts";

export interface Place {
  /** Working directory. */
  readonly folder: string;
  readonly home: string;
  /** How far its clock is ahead, in milliseconds. */
  readonly aheadMs: number;
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
}

let runs = 0;

/** Runs one command line in this process, over calls that may go wrong; `input` is its input. */
export async function runWithFaults(
  place: Place,
  calls: FaultyCalls,
  words: readonly string[],
  input = "",
): Promise<Answer> {
  const output: Uint8Array[] = [];
  const error: Uint8Array[] = [];
  const host = hostAt(place, calls, input, output, error);
  const code = await withFaultyStatements(
    calls,
    () => withFaultyBlobs(calls, () => main(host, words)),
  );
  const bytes = joined(output);
  const text = (pieces: Uint8Array) => new TextDecoder().decode(pieces);
  return { code, stdout: text(bytes), bytes, stderr: text(joined(error)) };
}

function hostAt(
  { folder, home, aheadMs }: Place,
  calls: FaultyCalls,
  input: string,
  output: Uint8Array[],
  error: Uint8Array[],
): Host {
  const host = denoHost();
  const next = random(++runs);
  return {
    ...host,
    files: faultyFiles(host.files, calls),
    environment: () => undefined,
    workingDirectory: () => folder,
    homeDirectory: () => home,
    userName: () => "tester",
    hostName: () => "bench",
    now: () => new Date(Date.now() + aheadMs),
    randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
    terminal: {
      ...host.terminal,
      async *input() {
        if (input !== "") yield new TextEncoder().encode(input);
      },
      inputIsTerminal: () => false,
      outputIsTerminal: () => false,
      errorIsTerminal: () => false,
      columns: () => 100,
      writeOutput: (bytes) => void output.push(bytes.slice()),
      writeError: (bytes) => void error.push(bytes.slice()),
    },
  };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
