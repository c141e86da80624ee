import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { isatty } from "node:tty";
import { attempt, fileError } from "./attempt.ts";
import { FileError, type Terminal } from "./host.ts";
import { writeAll } from "./write_all.ts";

async function* input(): AsyncGenerator<Uint8Array> {
  try {
    // Node takes a directory for an input that is empty.
    if (fstatSync(0).isDirectory()) throw new FileError("EISDIR", "read", "standard input");
    for await (const piece of process.stdin) yield new Uint8Array(piece);
  } catch (error) {
    throw fileError("read", "standard input", error);
  }
}

/** Writes through the descriptor: `process.stdout` would return before a pipe took the bytes. */
function write(descriptor: number, name: string, bytes: Uint8Array): void {
  writeAll(bytes, (rest) => attempt("write", name, () => writeSync(descriptor, rest)));
}

/** The standard streams by `node:` modules. */
export const nodeTerminal: Terminal = {
  input,
  inputIsTerminal: () => isatty(0),
  outputIsTerminal: () => isatty(1),
  errorIsTerminal: () => isatty(2),
  columns: () => {
    const stream = isatty(1) ? process.stdout : isatty(2) ? process.stderr : undefined;
    return stream?.columns || 80;
  },
  writeOutput: (bytes) => write(1, "standard output", bytes),
  writeError: (bytes) => write(2, "standard error", bytes),
};
