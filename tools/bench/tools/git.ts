import { cloneOf, remoteOf } from "../between.ts";
import { command, type Tool, type Work } from "../tool.ts";

const run = (line: string, ...more: readonly string[]) => command("git", line, ...more);
const commit = () => run("commit -q --allow-empty -m bench");

/** What both git and git-lfs do. */
const common = {
  status: () => [run("status --porcelain")],
  add: (_, path) => [run("add -A", path), commit()],
  move: (_, names) => [run(`mv ${names}`), commit()],
  remove: (_, path) => [run("rm -r -q", path), commit()],
  remote: (place) => [
    run(`init -q --bare ${remoteOf(place)}`),
    // With a protocol git-lfs knows that no server is to be asked.
    run(`remote add origin file://${remoteOf(place)}`),
  ],
  push: () => [run("push -q origin main")],
  clone: (place) => [run(`clone -q -b main file://${remoteOf(place)} ${cloneOf(place)}`)],
} satisfies Record<string, Work>;

/**
 * The measure of speed for many files. It compresses what it stores, which takes most of a minute
 * for a gigabyte: with `everything` only.
 */
export const git = (everything: boolean): Tool => ({
  name: "git",
  kind: "peer",
  ...(everything ? {} : { scenes: ["start", "files", "more-files", "sync-files"] }),
  remarks: { "files/collect": "keeps what history has", "more-files/collect": "keeps history" },
  work: {
    ...common,
    init: () => [run("init -q .")],
    version: () => [run("--version")],
    check: () => [run("fsck --full --no-progress")],
    collect: () => [run("gc -q --prune=now")],
    read: (_, path) => [run("cat-file blob", `HEAD:${path}`)],
  },
});

/** Large files beside git. */
export const gitLfs: Tool = {
  name: "git-lfs",
  kind: "peer",
  remarks: {
    "files/collect": "keeps what history has",
    "sync-large/push": "no bytes move: links on the same disk",
  },
  work: {
    ...common,
    init: () => [
      run("init -q ."),
      run("lfs install --local"),
      run("lfs track *.bin"),
      run("add .gitattributes"),
      commit(),
    ],
    version: () => [command("git-lfs", "--version")],
    check: () => [run("lfs fsck")],
    collect: () => [run("lfs prune")],
    read: (_, path) => [command("bash", "-c", `git cat-file blob HEAD:${path} | git lfs smudge`)],
  },
};
