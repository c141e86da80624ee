/** What the list of mounts of Linux says of the place of a database. */
import assert from "node:assert/strict";
import { denoHost } from "../../../store/host/deno.ts";
import { fileSystemOf, seesAllProcesses } from "../../../store/host/file_system.ts";
import { FileError, type Host } from "../../../store/host/host.ts";

function hostWith(mounts: readonly string[] | undefined, platform: Host["platform"] = "linux") {
  const host = denoHost();
  const readFile = (path: string) => {
    if (path !== "/proc/self/mountinfo") return host.files.readFile(path);
    if (mounts === undefined) throw new FileError("ENOENT", "read", path);
    return new TextEncoder().encode(mounts.map((line) => `${line}\n`).join(""));
  };
  return { ...host, platform, files: { ...host.files, readFile } };
}

const root = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
const mount = (type: string, options = "rw") =>
  `40 22 0:40 / /lab rw,noatime shared:9 master:2 - ${type} server:/export ${options}`;
const at = (mounts: readonly string[], folder: string) => fileSystemOf(hostWith(mounts), folder);

Deno.test("file system: which are shared between machines, and whose locks reach all", () => {
  const found = (type: string, options?: string) => {
    const { isShared, locksReachAll } = at([root, mount(type, options)], "/lab/atlas/.lamindb");
    return isShared ? locksReachAll ? "locks" : "no locks" : "local";
  };
  const expected: Record<string, [string, string?][]> = {
    local: [["ext4"], ["xfs"], ["btrfs"], ["overlay"], ["tmpfs"], ["zfs"], ["fuse.gocryptfs"]],
    locks: [
      ["nfs", "rw,vers=3,local_lock=none,addr=10.0.0.1"],
      ["nfs4", "rw,vers=4.2,local_lock=none"],
      ["cifs"],
      ["gpfs", "rw,dev=gpfs0"],
      ["lustre", "rw,flock,lazystatfs"],
    ],
    "no locks": [
      ["nfs", "rw,vers=3,nolock,local_lock=all"],
      ["nfs4", "rw,local_lock=posix"],
      ["cifs", "rw,nobrl"],
      ["lustre", "rw,lazystatfs"],
      ["lustre", "rw,localflock"],
      ["fuse.sshfs"],
      ["fuse.something-new"],
      ["9p"],
      ["beegfs"],
    ],
  };
  for (const [what, mounts] of Object.entries(expected)) {
    for (const [type, options] of mounts) assert.equal(found(type, options), what, type + options);
  }
});

Deno.test("file system: the innermost mount counts, of two at one place the later", () => {
  const mounts = [
    mount("autofs"),
    mount("nfs4"),
    root,
    "41 40 8:2 / /lab/my\\040disk rw - xfs /dev/sdb1 rw",
    "42 41 0:50 / /lab/my\\040disk/far rw - nfs4 server:/x rw",
  ];
  assert.equal(at(mounts, "/lab").type, "nfs4");
  assert.equal(at(mounts, "/lab/my disk/atlas").type, "xfs");
  assert.equal(at(mounts, "/lab/my disk/far").type, "nfs4");
  assert.equal(at(mounts, "/lab/my disk/farther").type, "xfs");
  assert.equal(at(mounts, "/laboratory").type, "ext4");
  assert.equal(at(["", "half a", "1 2 3 - "], "/lab").type, undefined);
});

Deno.test("file system: where nothing is told it is taken for a disk of this machine", () => {
  const local = { type: undefined, isShared: false, locksReachAll: true };
  assert.deepEqual(fileSystemOf(hostWith(undefined), "/lab"), local);
  assert.deepEqual(fileSystemOf(hostWith([mount("nfs")], "darwin"), "/lab"), local);
  const windows = hostWith([], "windows");
  assert.deepEqual(fileSystemOf(windows, "C:/lab"), local);
  assert.deepEqual(fileSystemOf(windows, "\\\\?\\C:\\lab"), local);
  for (const share of ["//server/lab", "\\\\server\\lab", "\\\\?\\UNC\\server\\lab"]) {
    assert.equal(fileSystemOf(windows, share).isShared, true, share);
  }
});

Deno.test("file system: whether other users' processes can be seen", () => {
  const sees = (options: string) =>
    seesAllProcesses(hostWith([root, `23 22 0:21 / /proc rw,nosuid - proc proc ${options}`]));
  assert.deepEqual(
    ["rw", "rw,hidepid=0", "rw,hidepid=off", "rw,hidepid=2", "rw,gid=9,hidepid=invisible"].map(
      sees,
    ),
    [true, true, true, false, false],
  );
  assert.equal(seesAllProcesses(hostWith(undefined)), false);
});
