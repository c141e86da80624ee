import { spawnSync } from "node:child_process";
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import type { Readable } from "node:stream";

/** A pipe whose end for writing is given to a program. */
export interface Pipe {
  readonly writeEnd: number;
  closeWriteEnd(): void;
  /** What comes through the pipe, to its end. */
  open(): Readable;
}

/**
 * Two pipes for what a program prints; undefined where the system has none of these. Node and Bun
 * would make sockets, which a program cannot open by the names `/dev/stdout` and `/dev/stderr`, as
 * scripts do, and which do not end a program whose reader left.
 */
export function makePipes(): readonly [Pipe, Pipe] | undefined {
  if (process.platform === "win32") return undefined;
  const folder = mkdtempSync(`${tmpdir()}/lamin-run-`);
  try {
    const paths = [`${folder}/1`, `${folder}/2`] as const;
    const { status } = spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    return status === 0 ? [pipeAt(paths[0]), pipeAt(paths[1])] : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Its name is not needed any more once both ends are open. */
function pipeAt(path: string): Pipe {
  // An end for reading alone waits for a writer, and the other way round.
  const both = openSync(path, constants.O_RDWR);
  const isBun = "bun" in process.versions;
  // Bun reads sockets of this kind to no end; a thread of Node's that waits would keep it from
  // leaving.
  const readEnd = openSync(path, constants.O_RDONLY | (isBun ? 0 : constants.O_NONBLOCK));
  const writeEnd = openSync(path, constants.O_WRONLY);
  closeSync(both);
  return {
    writeEnd,
    closeWriteEnd: () => closeSync(writeEnd),
    open: () =>
      isBun
        ? createReadStream("", { fd: readEnd })
        : new Socket({ fd: readEnd, readable: true, writable: false }),
  };
}
