import { LaminError } from "../../../store/errors.ts";
import type { FileStat } from "../../../store/host/host.ts";
import { makeFolder, makeFolderOnce } from "../../../store/host/shared_access.ts";
import { ifThere } from "../../../store/objects/if_there.ts";
import { dirname, join } from "../../../store/path.ts";
import type { Instance } from "../../instance/instance.ts";

/**
 * A run that goes on has a folder of its own beside the index of the work tree: `runs/<uid>/`. The
 * file `process` names the program that records it, `shell` the one that `lamin track` noted;
 * `log.txt` is what was printed. It is there before the run's row and goes when that is complete,
 * so whatever is left of programs that died is found with one look at `runs/`.
 */
export type RunFile = "process" | "shell" | "log.txt" | "environment";

type Place = Pick<Instance, "host" | "workIndexPath">;

/** The file of a run that goes on. */
export function runFilePath(place: Place, uid: string, file: RunFile): string {
  return join(runFolder(place, uid), file);
}

/** Uids of the runs that go on or were left by programs that died. */
export function runUids({ host, workIndexPath }: Place): string[] {
  const names = ifThere(() => host.files.readNames(runsFolder({ host, workIndexPath })));
  return (names ?? []).filter((name) => uidPattern.test(name)).sort();
}

/**
 * Makes the folder of a run with the name of its process in it. Throws code "denied" where the
 * folder for what is lamin's own leads elsewhere.
 */
export function beginRunFolder(
  place: Place,
  uid: string,
  file: "process" | "shell",
  processName: string,
): void {
  const { files } = place.host;
  const own = dirname(place.workIndexPath);
  if (files.lstat(own)?.kind === "symlink") {
    throw new LaminError("denied", `${own} is a link, through which nothing is written`, {
      hint: "make it a folder of its own",
      data: { path: own },
    });
  }
  makeFolderOnce(files, own);
  makeFolderOnce(files, runsFolder(place));
  makeFolder(files, runFolder(place, uid));
  const path = runFilePath(place, uid, file);
  const opened = files.open(path, { write: true, createNew: true });
  try {
    const text = `${processName}\n${place.host.hostName()}\n`;
    opened.write(new TextEncoder().encode(text));
    opened.flush();
  } finally {
    opened.close();
  }
  // A run of which there is a row has this folder also after the power went.
  for (const folder of [runFolder(place, uid), runsFolder(place), own]) {
    files.flushDirectory(folder);
  }
}

/** Shows that the process of a run is alive, for other machines, which do not see it. */
export function touchRunFolder(place: Place, uid: string): void {
  const { files } = place.host;
  const path = runFilePath(place, uid, "process");
  ifThere(() => files.writeFile(path, files.readFile(path)));
}

/** A process as a file of a run tells of it. */
export interface RunProcess {
  readonly name: string;
  readonly hostName: string;
  /** When the file was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/** The process that a run lives with; undefined where there is no such file, or nothing in it. */
export function readRunProcess(
  place: Place,
  uid: string,
  file: "process" | "shell",
): RunProcess | undefined {
  const { files } = place.host;
  const path = runFilePath(place, uid, file);
  const stat = files.stat(path);
  const bytes = stat === null ? undefined : ifThere(() => files.readFile(path));
  const [name = "", hostName = ""] = new TextDecoder().decode(bytes).split("\n");
  return name === "" ? undefined : { name, hostName, writtenMs: stat!.modifiedMs };
}

/** Of the folder of a run; null when that is gone. */
export function runFolderStat(place: Place, uid: string): FileStat | null {
  return place.host.files.stat(runFolder(place, uid));
}

/** Removes the folder of a run, and that of all runs with the last one. */
export function removeRunFolder(place: Place, uid: string): void {
  const { files } = place.host;
  ifThere(() => files.removeTree(runFolder(place, uid)));
  try {
    files.remove(runsFolder(place));
  } catch {
    // Other runs go on.
  }
}

/** A uid as LaminDB makes them, and no other name of a folder. */
const uidPattern = /^[0-9A-Za-z]{16,20}$/;

function runsFolder({ workIndexPath }: Place): string {
  return join(dirname(workIndexPath), "runs");
}

function runFolder(place: Place, uid: string): string {
  return join(runsFolder(place), uid);
}
