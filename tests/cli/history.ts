import { withPythonInstance, withWorkspace, type Workspace } from "../lamin.ts";
import { say } from "./in_process.ts";

/** The workspace with the program run in this process, since tests of histories run it often. */
export function inProcess(workspace: Workspace): Workspace {
  const { root, home } = workspace;
  const run = async (words: readonly string[]) => {
    const said = await say({ folder: root, home }, ...words);
    return { ...said, bytes: new TextEncoder().encode(said.stdout) };
  };
  const lamin = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await run(words);
    if (code === 0) return stdout;
    throw new Error(`lamin ${words.join(" ")} ended with ${code}:\n${stderr}`);
  };
  return {
    ...workspace,
    run,
    lamin,
    json: async (...words) =>
      (await lamin(...words, "--json")).split("\n").filter(Boolean).map((line) => JSON.parse(line)),
  };
}

/** Runs `work` in a new instance. */
export async function withHistory(work: (workspace: Workspace) => Promise<void>): Promise<void> {
  await withWorkspace(async (workspace) => {
    const inside = inProcess(workspace);
    await inside.lamin("init");
    await work(inside);
  });
}

/** Runs `work` in a copy of the instance that Python 2.12 made. */
export async function withPythonHistory(
  work: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  await withPythonInstance("lamindb-2.12.1", (workspace) => work(inProcess(workspace)));
}

/** Output of the program with what differs from run to run replaced: uids, times, the machine. */
export async function stable(workspace: Workspace, output: string): Promise<string> {
  const operations = (await workspace.json("op", "log", "-n", "0")).reverse();
  const names = new Map<string, string>();
  operations.forEach(({ uid, verb }, index) => names.set(uid, `<${verb} ${index + 1}>`));
  for (const scope of [[], ["--trash"]]) {
    const words = ["artifact", "--all-versions", "--limit", "0", ...scope];
    for (const { uid, key } of await workspace.json("list", ...words)) {
      names.set(uid, `<uid of ${key} ${uid.slice(-4)}>`);
    }
  }
  let text = output;
  for (const [uid, name] of names) text = text.replaceAll(uid, name);
  return text
    // Of what an undo has removed, nothing but the version is known.
    .replaceAll(/\b[0-9A-Za-z]{16}(\d{4})\b/g, "<uid $1>")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, "<time>")
    .replaceAll(/\d{4}-\d\d-\d\d/g, "<day>")
    .replaceAll(`@${operations[0]?.host}`, "@<host>");
}

/** Adds a file of this content. */
export async function addFile(
  { write, lamin }: Workspace,
  path: string,
  content: string,
): Promise<void> {
  write(path, content);
  await lamin("add", path);
}

/**
 * Keys, ends of uids, and whether it is the latest, of all artifacts that are in use or in the
 * trash.
 */
export async function versions({ json }: Workspace, scope: "live" | "trash"): Promise<string[]> {
  const rows = await json(
    ...["list", "artifact", "--all-versions", "--limit", "0"],
    ...(scope === "trash" ? ["--trash"] : []),
  );
  return rows.map(({ key, uid, is_latest }) =>
    `${key} ${uid.slice(-4)}${is_latest ? " latest" : ""}`
  ).sort();
}
