import { allRegistries } from "../../../cli/modules.ts";
import { remoteStores } from "../../../cli/remote_stores.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { instancePeer } from "../../../core/sync/instance_peer.ts";
import { planOf, sync, type SyncRequest, type SyncResult } from "../../../core/sync/sync.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { type Place, type Said, say } from "../../cli/in_process.ts";
import { isElsewhere, testEnvironment } from "../../test_database.ts";

/** A lab with an instance of its own, on a machine of its own as far as settings go. */
export interface Lab {
  readonly root: string;
  readonly home: string;
  /** Runs the program there; throws unless it ends with 0. */
  lamin(...words: readonly string[]): Promise<string>;
  say(...words: readonly string[]): Promise<Said>;
  // deno-lint-ignore no-explicit-any
  json(...words: readonly string[]): Promise<any[]>;
  write(path: string, content: string): void;
}

/**
 * Makes labs in a temporary folder, which goes when `work` is through. Where the folder of a lab
 * does not hold its rows and bytes, only settings lead to them: then its neighbors have the same
 * ones.
 */
export async function withLabs(
  names: readonly string[],
  work: (...labs: Lab[]) => Promise<void>,
): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-labs-" }));
  try {
    const labs = names.map((name) => labAt(base, name));
    for (const lab of labs) {
      Deno.mkdirSync(lab.root, { recursive: true });
      Deno.mkdirSync(lab.home, { recursive: true });
    }
    await work(...labs);
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

function labAt(base: string, name: string): Lab {
  const root = `${base}/${name}`;
  const home = isElsewhere ? `${base}/home` : `${base}/home-${name}`;
  return labWith({ root, home }, (...words) => say({ folder: root, home }, ...words));
}

/** A lab whose people run the program by `run`. */
export function labWith({ root, home }: Pick<Lab, "root" | "home">, run: Lab["say"]): Lab {
  const lamin = async (...words: readonly string[]) => {
    const said = await run(...words);
    if (said.code === 0) return said.stdout;
    throw new Error(`lamin ${words.join(" ")} ended with ${said.code}:\n${said.stderr}`);
  };
  return {
    root,
    home,
    lamin,
    say: run,
    json: async (...words) =>
      (await lamin(...words, "--json")).split("\n").filter(Boolean).map((line) => JSON.parse(line)),
    write: (path, content) => {
      const file = `${root}/${path}`;
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(file, content);
    },
  };
}

/** Opens the instance of a lab, as its people would. */
export async function opened<T>(
  { root, home, environment = {} }: Pick<Lab, "root" | "home"> & Pick<Place, "environment">,
  work: (instance: Instance) => Promise<T>,
  readOnly = false,
): Promise<T> {
  const host = {
    ...denoHost(),
    homeDirectory: () => home,
    workingDirectory: () => root,
    environment: (name: string) => ({ ...testEnvironment, ...environment })[name],
  };
  const instance = await openInstance(host, {
    openRemote: (at) => remoteStores(host, at),
    wanted: root,
    readOnly,
    loadRegistries: () => Promise.resolve(allRegistries()),
  });
  try {
    return await work(instance);
  } finally {
    await instance.close();
  }
}

/** Brings the rows of one lab to another. */
export async function carry(
  from: Lab,
  to: Lab,
  more: Partial<SyncRequest> = {},
): Promise<SyncResult> {
  return await between(
    from,
    to,
    (request) => sync({ ...request, ...more }, { verb: "pull", command: ["pull", "lab"] }),
  );
}

/** What {@link carry} would do. */
export async function planned(from: Lab, to: Lab): Promise<SyncResult> {
  return await between(from, to, planOf);
}

async function between<T>(
  from: Lab,
  to: Lab,
  work: (request: SyncRequest) => Promise<T>,
): Promise<T> {
  const registries = allRegistries();
  return await opened(from, (there) =>
    opened(to, async (target) => {
      const source = await instancePeer(there, registries);
      return await work({ source, target, registries, remote: "lab" });
    }));
}
