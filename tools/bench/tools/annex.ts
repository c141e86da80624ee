import { cloneOf, remoteOf } from "../between.ts";
import { command, type Tool, type Work } from "../tool.ts";

const git = (line: string, ...more: readonly string[]) => command("git", line, ...more);
/** As many as there are cores. */
const jobs = `-J${navigator.hardwareConcurrency}`;
const moves = "moves the file into its store, leaves a link";

/** Prints the bytes of a file of an annex, from its store. */
const read: Work = (_, path) => [
  command("bash", "-c", `cat "$(git annex contentlocation "$(git annex lookupkey '${path}')")"`),
];

export const gitAnnex: Tool = {
  name: "git-annex",
  kind: "peer",
  remarks: {
    "large/add": moves,
    "files/add": moves,
    "s3/put": "'annex copy' only, added before",
    "s3-files/put": "'annex copy' only, added before",
  },
  work: {
    init: () => [git("init -q ."), git("annex init -q bench")],
    version: () => [command("git-annex", "version --raw")],
    status: () => [git("status --porcelain")],
    add: (_, path) => [
      git(`annex add -q ${jobs}`, path),
      git("commit -q --allow-empty -m bench"),
    ],
    check: () => [git(`annex fsck -q ${jobs}`)],
    read,
    bucket: ({ bucket }) => [
      git("config annex.security.allowed-ip-addresses all"),
      // The port is not told since it is not part of what git-annex signs: it has to be 80.
      git(
        "annex initremote -q bucket type=S3 encryption=none host=127.0.0.1 port=80 protocol=http",
        ...["requeststyle=path", "signature=v4", "region=us-east-1", "partsize=100MiB"],
        `bucket=${bucket!.name}`,
      ),
    ],
    hold: (_, path) => [git(`annex add -q ${jobs}`, path), git("commit -q -m bench")],
    put: (_, path) => [git("annex copy -q -J4 --to bucket", path)],
    drop: (_, path) => [git(`annex drop -q ${jobs}`, path)],
    get: (_, path) => [git("annex get -q -J4", path)],
    remote: (place) => [
      git(`init -q --bare ${remoteOf(place)}`),
      git(`-C ${remoteOf(place)} annex init -q remote`),
      git(`remote add origin ${remoteOf(place)}`),
    ],
    push: () => [git("annex sync -q --content -J4 origin")],
    clone: (place) => [
      git(`clone -q -b main ${remoteOf(place)} ${cloneOf(place)}`),
      git(`-C ${cloneOf(place)} annex init -q clone`),
      git(`-C ${cloneOf(place)} annex get -q -J4 .`),
    ],
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
