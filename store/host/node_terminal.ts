import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { attempt, fileError } from "./attempt.ts";
import { FileError, type Terminal } from "./host.ts";
import { nodePlatform } from "./node_stat.ts";
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

/** Number of `/dev/null` on Linux, where programs are sent that nobody listens to. */
const nullDevice = 0x103;

/** Asks the module for terminals, which takes 3 ms to load, only of what may be one. */
function isTerminal(descriptor: number): boolean {
  if (nodePlatform !== "windows" && !isDevice(descriptor)) return false;
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}

function isDevice(descriptor: number): boolean {
  try {
    const info = fstatSync(descriptor);
    return info.isCharacterDevice() && !(nodePlatform === "linux" && info.rdev === nullDevice);
  } catch {
    return false; // closed
  }
}

/** The standard streams by `node:` modules. */
export const nodeTerminal: Terminal = {
  input,
  inputIsTerminal: () => isTerminal(0),
  outputIsTerminal: () => isTerminal(1),
  errorIsTerminal: () => isTerminal(2),
  columns: () => {
    const stream = isTerminal(1) ? process.stdout : isTerminal(2) ? process.stderr : undefined;
    return stream?.columns || 80;
  },
  writeOutput: (bytes) => write(1, "standard output", bytes),
  writeError: (bytes) => write(2, "standard error", bytes),
};
