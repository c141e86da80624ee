import { command, type Tool, type Work } from "../tool.ts";

const git = (line: string, ...more: readonly string[]) => command("git", line, ...more);
const moves = "moves the file into its store, leaves a link";

/** Prints the bytes of a file of an annex, from its store. */
const read: Work = (_, path) => [
  command("bash", "-c", `cat "$(git annex contentlocation "$(git annex lookupkey '${path}')")"`),
];

export const gitAnnex: Tool = {
  name: "git-annex",
  kind: "peer",
  remarks: { "large/add": moves, "files/add": moves },
  work: {
    init: () => [git("init -q ."), git("annex init -q bench")],
    version: () => [command("git-annex", "version --raw")],
    status: () => [git("status --porcelain")],
    // As many jobs as there are cores.
    add: (_, path) => [
      git(`annex add -q -J${navigator.hardwareConcurrency}`, path),
      git("commit -q --allow-empty -m bench"),
    ],
    check: () => [git(`annex fsck -q -J${navigator.hardwareConcurrency}`)],
    read,
  },
};

/** Stands on git-annex. */
export const datalad = (program: string): Tool => {
  const run = (line: string, ...more: readonly string[]) =>
    command(program, `-l error ${line}`, ...more);
  return {
    name: "datalad",
    kind: "peer",
    // Ten thousand files take it minutes.
    scenes: ["start", "large"],
    remarks: { "large/add": `${moves}; MD5` },
    work: {
      init: () => [run("create --force .")],
      version: () => [command(program, "--version")],
      status: () => [run("status")],
      add: (_, path) => [run(`save -J ${navigator.hardwareConcurrency} -m bench`, path)],
      read,
    },
  };
};
