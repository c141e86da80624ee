import { cp, openssl, psql, rawRows, sqlite } from "./tools/floors.ts";
import { git, gitLfs } from "./tools/git.ts";
import { datalad, gitAnnex } from "./tools/annex.ts";
import { borg, restic } from "./tools/backup.ts";
import { dvc } from "./tools/dvc.ts";
import { rclone } from "./tools/rclone.ts";
import { lamindb, oxen } from "./tools/python_peers.ts";
import { packagesOfDebian, peerFolders, peersFolder } from "./peer_folders.ts";
import type { Found, Tool } from "./tool.ts";

/** What this computer has of the tools that lamin is measured beside, or why it has them not. */
export async function findTools(peers: boolean): Promise<Found[]> {
  const floors = [
    await onPath("openssl", () => openssl),
    await onPath("cp", () => cp),
    await onPath("sqlite3", () => sqlite),
    rawRows,
    await onPath("psql", () => psql),
    await onPath("git", () => git(peers)),
  ];
  return peers ? [...floors, ...await findPeers()] : floors;
}

async function findPeers(): Promise<Found[]> {
  return [
    await onPath("git-lfs", () => gitLfs),
    await onPath("git-annex", () => gitAnnex),
    await onPath("datalad", datalad),
    await onPath("dvc", dvc),
    await onPath("rclone", rclone),
    await python("oxen", `${peersFolder}/oxen/bin/python`, oxen),
    await onPath("restic", () => restic),
    await onPath("borg", (program) => borg(program, borgEnvironment(program))),
    await python(
      "lamindb",
      Deno.env.get("LAMIN_TEST_PYTHON") ?? `${peersFolder}/lamindb/bin/python`,
      lamindb,
    ),
  ];
}

/** The path of a program, among the user's or what was installed for this. */
async function onPath(name: string, toTool: (program: string) => Tool): Promise<Found> {
  for (const folder of [...(Deno.env.get("PATH") ?? "").split(":"), ...peerFolders]) {
    if (folder !== "" && await isFile(`${folder}/${name}`)) return toTool(`${folder}/${name}`);
  }
  return { name, missing: "not on the PATH, nor installed by --install-peers" };
}

/** A Python that has the library of this name. */
async function python(
  name: string,
  program: string,
  toTool: (program: string) => Tool,
): Promise<Found> {
  if (await isFile(program)) return toTool(program);
  const variable = name === "lamindb" ? ", nor named by LAMIN_TEST_PYTHON" : "";
  return { name, missing: `not installed by --install-peers${variable}` };
}

/** The package of Debian, unpacked, does not find its own library. */
function borgEnvironment(program: string): Record<string, string> {
  return program.startsWith(packagesOfDebian)
    ? { PYTHONPATH: `${packagesOfDebian}/usr/lib/python3/dist-packages` }
    : {};
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
