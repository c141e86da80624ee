import { attempt } from "./attempt.ts";
import { isFull, persist, writeAll } from "./write_all.ts";

/**
 * Writes all bytes to standard output.
 *
 * A pipe may be non-blocking without our doing: npm and node make theirs so, and share that with
 * the programs that they start. Deno keeps standard output in a buffer of lines, so that a failed
 * write does not tell how much was taken, and trying again would repeat bytes. Two ways out: a pipe
 * that is opened anew blocks; what cannot be opened anew gets pieces whose fate is known.
 *
 * @throws FileError with code EPIPE when the reader left.
 */
export function writeOutput(bytes: Uint8Array): void {
  output ??= chooseOutput();
  output(bytes);
}

let output: ((bytes: Uint8Array) => void) | undefined;

function chooseOutput(): (bytes: Uint8Array) => void {
  const path = "/dev/fd/1";
  try {
    const { isFifo, isSocket } = Deno.statSync(path);
    if (!isFifo && !isSocket) return writePlainly;
    if (!isFifo || Deno.build.os !== "linux") return writePieces;
    const pipe = Deno.openSync(path, { write: true });
    return (bytes) => writeAll(bytes, (rest) => writeTo(pipe, rest));
  } catch {
    return Deno.build.os === "windows" ? writePlainly : writePieces;
  }
}

function writeTo(stream: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): number {
  return attempt("write", "standard output", () => stream.writeSync(bytes));
}

/** To files and terminals, which are not full for a moment. */
function writePlainly(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeTo(Deno.stdout, bytes.subarray(done));
}

/** Every system takes this much whole or not at all, and Deno's buffer holds it. */
const pieceSize = 512;
const nothing = new Uint8Array();
const lineEnd = 10;

/**
 * A piece that ends a line goes past Deno's empty buffer to the system, whole or not at all. One
 * within a line goes into the buffer, always whole; writing nothing then empties the buffer.
 */
function writePieces(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const window = bytes.subarray(done, done + pieceSize);
    const lines = window.subarray(0, window.lastIndexOf(lineEnd) + 1);
    if (lines.length > 0) persist(() => writeTo(Deno.stdout, lines));
    else bufferAndFlush(window);
    done += lines.length || window.length;
  }
}

function bufferAndFlush(piece: Uint8Array): void {
  try {
    writeTo(Deno.stdout, piece);
  } catch (error) {
    if (!isFull(error)) throw error;
    persist(() => writeTo(Deno.stdout, nothing));
  }
}
