import { relativeTo } from "../path.ts";
import { concernsProcess } from "./file_failure.ts";
import { FileError, type Host } from "./host.ts";

/** What has to be known of the file system under a database. */
export interface FileSystem {
  /** Its type as the system calls it; undefined where that is not told. */
  readonly type: string | undefined;
  /** Whether other machines may use it too: memory that programs share ends at the machine. */
  readonly isShared: boolean;
  /** Whether locks that are set here are seen on all machines that use it. */
  readonly locksReachAll: boolean;
}

const unknown: FileSystem = { type: undefined, isShared: false, locksReachAll: true };

/** Types of file systems whose servers keep the locks, unless an option of the mount forbids it. */
const lockedByServer: ReadonlySet<string> = new Set(
  ["nfs", "nfs4", "cifs", "smb2", "smb3", "gpfs", "ceph", "lustre", "ocfs2", "gfs2", "panfs"]
    .concat(["wekafs", "fuse.ceph", "fuse.ceph-fuse", "fuse.glusterfs"]),
);

/** Types where each machine keeps its own locks, or pretends to. */
const lockedByNobody: ReadonlySet<string> = new Set(
  ["9p", "afs", "beegfs", "coda", "davfs", "drvfs", "fuse", "orangefs", "prl_fs", "pvfs2", "vboxsf"]
    .concat(["virtiofs", "vmhgfs"]),
);

/** Programs that serve a disk of this machine through `fuse`; any other may lead to a server. */
const localFuse: ReadonlySet<string> = new Set(
  ["bindfs", "encfs", "exfat", "fuse-overlayfs", "gocryptfs", "mergerfs", "ntfs", "ntfs-3g"]
    .map((name) => `fuse.${name}`),
);

/**
 * Options of mounts by which locks stay on this machine (nfs(5), mount.cifs(8), mount.lustre(8)).
 */
const keepsLocks = /^(nolock|local_lock=(all|posix)|nobrl|localflock|noflock)$/;

/**
 * The file system that holds a folder, by its absolute path without links. Linux tells it
 * (`/proc/self/mountinfo`, proc(5)); on Windows a share shows in its path; macOS has no file that
 * tells, so that there nothing is known.
 */
export function fileSystemOf(host: Host, folder: string): FileSystem {
  if (host.platform === "windows") {
    return /^[/\\]{2}(\?[/\\]UNC[/\\]|[^?.])/.test(folder)
      ? { type: "share", isShared: true, locksReachAll: true }
      : unknown;
  }
  const mount = mountOf(mountsOf(host), folder);
  if (mount === undefined) return unknown;
  const { type, options } = mount;
  // Lustre has no locks at all unless it was asked for them.
  const isServed = lockedByServer.has(type) && (type !== "lustre" || options.includes("flock"));
  const isShared = lockedByServer.has(type) || lockedByNobody.has(type) ||
    (type.startsWith("fuse.") && !localFuse.has(type));
  return {
    type,
    isShared,
    locksReachAll: !isShared || (isServed && !options.some((option) => keepsLocks.test(option))),
  };
}

/** Whether this user sees the processes of others in `/proc` (its option `hidepid`, proc(5)). */
export function seesAllProcesses(host: Host): boolean {
  const proc = mountOf(mountsOf(host), "/proc");
  return proc?.type === "proc" &&
    !proc.options.some((option) => /^hidepid=(?!0$|off$)/.test(option));
}

interface Mount {
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** The last one counts: what is mounted later at the same place hides the former. */
function mountOf(mounts: readonly Mount[], folder: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (relativeTo(mount.path, folder) === undefined) continue;
    if (found === undefined || mount.path.length >= found.path.length) found = mount;
  }
  return found;
}

const known = new WeakMap<Host, readonly Mount[]>();

function mountsOf(host: Host): readonly Mount[] {
  const before = known.get(host);
  if (before !== undefined) return before;
  const mounts = host.platform === "linux" ? parseMounts(mountText(host)) : [];
  known.set(host, mounts);
  return mounts;
}

function mountText(host: Host): string {
  try {
    return new TextDecoder().decode(host.files.readFile("/proc/self/mountinfo"));
  } catch (error) {
    // With too many files open a share would be taken for a disk of this machine.
    if (error instanceof FileError && !concernsProcess(error)) return "";
    throw error;
  }
}

function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [own, others] = line.split(" - ", 2);
    const [path, mountOptions] = own?.split(" ").slice(4, 6) ?? [];
    const [type, , superOptions = ""] = others?.split(" ") ?? [];
    if (path === undefined || type === undefined) return [];
    const options = [...(mountOptions ?? "").split(","), ...superOptions.split(",")];
    return [{ path: unescaped(path), type, options }];
  });
}

/** Blanks and backslashes in paths are written as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}
