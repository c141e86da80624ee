import { main } from "../cli/main.ts";
import { type RemoteStores, remoteStores } from "../cli/remote_stores.ts";
import { denoHost } from "../store/host/deno.ts";
import type { Host } from "../store/host/host.ts";
import type { Run, Workspace } from "./lamin.ts";
import { withRaw } from "./raw_database.ts";
import { storageOf, testEnvironment } from "./test_database.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** The program run in a workspace, inside this process, as if some days had passed. */
export interface Day {
  run(...words: readonly string[]): Promise<Run>;
  /** The objects that it prints with `--json`; throws unless it ends with 0. */
  // deno-lint-ignore no-explicit-any
  json(...words: readonly string[]): Promise<any[]>;
}

/** Runs the program some days from now. Files still get the system's own times. */
export function onDay(days: number, { root, home }: Workspace): Day {
  const run = async (...words: readonly string[]): Promise<Run> => {
    const said = { out: [] as Uint8Array[], error: [] as Uint8Array[] };
    const code = await main(hostOn(days, root, home, said), words, storesOfToday);
    const [bytes, errors] = await Promise.all([said.out, said.error].map(joined));
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(bytes), stderr: decoder.decode(errors), bytes: bytes! };
  };
  return {
    run,
    json: async (...words) => {
      const { code, stdout, stderr } = await run(...words, "--json");
      if (code !== 0) throw new Error(`lamin ${words.join(" ")} ended with ${code}:\n${stderr}`);
      return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
  };
}

/** A server believes nobody whose clock goes wrong. */
const storesOfToday: RemoteStores = (host, root) =>
  remoteStores({ ...host, now: () => new Date() }, root);

function hostOn(
  days: number,
  root: string,
  home: string,
  said: { out: Uint8Array[]; error: Uint8Array[] },
): Host {
  const host = denoHost();
  return {
    ...host,
    now: () => new Date(Date.now() + days * dayMs),
    workingDirectory: () => root,
    homeDirectory: () => home,
    environment: (name) => testEnvironment[name],
    terminal: {
      ...host.terminal,
      inputIsTerminal: () => false,
      outputIsTerminal: () => false,
      errorIsTerminal: () => false,
      writeOutput: (bytes) => void said.out.push(bytes.slice()),
      writeError: (bytes) => void said.error.push(bytes.slice()),
    },
  };
}

async function joined(pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** Rows of the workspace's database, read or changed behind the program's back. */
export function sql(
  { root }: Pick<Workspace, "root">,
  statement: string,
  ...parameters: readonly (string | number | null)[]
): Record<string, unknown>[] {
  return withRaw(root, (database) => {
    if (/^(SELECT|PRAGMA)/.test(statement)) return database.all(statement, ...parameters);
    database.run(statement, ...parameters);
    return [];
  });
}

/** Absolute path of something in the storage of the workspace, here or in the server's folder. */
export function stored({ root }: Pick<Workspace, "root">, name: string): string {
  return `${storageOf(root)}/${name}`;
}

/**
 * All files below a folder of the workspace, or of its storage when it is below `.lamindb`,
 * relative to it, in order.
 */
export function filesBelow(workspace: Pick<Workspace, "root">, folder: string): string[] {
  const isStored = folder.startsWith(".lamindb/");
  const base = isStored ? stored(workspace, folder) : `${workspace.root}/${folder}`;
  const found: string[] = [];
  const visit = (below: string) => {
    for (const entry of Deno.readDirSync(`${base}/${below}`)) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory) visit(path);
      else found.push(path);
    }
  };
  try {
    visit("");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}
