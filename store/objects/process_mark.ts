import { seesAllProcesses } from "../host/file_system.ts";
import { FileError, type Host } from "../host/host.ts";

/**
 * A text by which another process can tell whether this one, or the one of a number, still runs:
 * the boot of the machine, the space of process numbers (containers have their own), the number and
 * when the process started, so that the next one with the same number is not taken for it. It can
 * be part of the name of a file. Empty where the system does not tell.
 */
export function processMark(host: Host, number = host.processId()): string {
  const place = placeOf(host);
  const start = place === undefined ? undefined : readable(() => startOf(host, String(number)));
  return start === undefined ? "" : `${place}-${number}-${start}`;
}

/** What marks of processes look like. */
const markPattern = /^([0-9a-f]{32}-\d+)-(\d+)-(\d+)$/;

/** Whether the process of a mark runs; undefined when that cannot be known from here. */
export function isProcessAlive(host: Host, mark: string): boolean | undefined {
  const [, place, number, start] = markPattern.exec(mark) ?? [];
  if (place === undefined || place !== placeOf(host)) return undefined;
  try {
    const found = startOf(host, number!);
    // One that is not seen may be another user's, where the machine hides those.
    if (found === undefined && !seesAllProcesses(host)) return undefined;
    return found === start;
  } catch (error) {
    // That too many files are open here, for example, says nothing of the process.
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** The machine since it was started, and the space of process numbers; undefined outside Linux. */
function placeOf(host: Host): string | undefined {
  if (host.platform !== "linux") return undefined;
  return readable(() => {
    const boot = textOf(host, "/proc/sys/kernel/random/boot_id").trim().replaceAll("-", "");
    const [space] = /\d+/.exec(host.files.readLink("/proc/self/ns/pid")) ?? [];
    return space === undefined ? undefined : `${boot}-${space}`;
  });
}

/**
 * When a process started, in ticks since the boot; undefined when it does not run. Throws a
 * FileError when that cannot be told.
 */
function startOf(host: Host, number: string): string | undefined {
  const text = ifRuns(() => textOf(host, `/proc/${number}/stat`));
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses, which may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const hasEnded = fields[0] === "Z" || fields[0] === "X";
  return hasEnded ? undefined : fields[19];
}

function ifRuns<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const isGone = error instanceof FileError && ["ENOENT", "ESRCH"].includes(error.code);
    if (isGone) return undefined;
    throw error;
  }
}

function textOf(host: Host, path: string): string {
  return new TextDecoder().decode(host.files.readFile(path));
}

function readable(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
