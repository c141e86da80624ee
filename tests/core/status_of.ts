import { allRegistries } from "../../cli/modules.ts";
import type { Instance } from "../../core/instance/instance.ts";
import { remoteStores } from "../../cli/remote_stores.ts";
import { openInstance } from "../../core/instance/open.ts";
import { status, type StatusReport } from "../../core/status/status.ts";
import type { Reader } from "../../store/database/database.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import type { Atlas } from "../cli/atlas.ts";

type Place = Pick<Atlas, "root" | "home">;

/** A host in a folder that counts how often a file is opened, apart from databases. */
function countingHost(folder: string, home: string): { host: Host; opened: string[] } {
  const host = denoHost();
  const opened: string[] = [];
  const counted = {
    ...host.files,
    open: (path: string, options: Parameters<Host["files"]["open"]>[1]) => {
      opened.push(path);
      return host.files.open(path, options);
    },
  };
  return {
    opened,
    host: {
      ...host,
      files: counted,
      workingDirectory: () => folder,
      homeDirectory: () => home,
      environment: () => undefined,
    },
  };
}

async function withOpen<T>(host: Host, work: (instance: Instance) => Promise<T>): Promise<T> {
  const instance = await openInstance(host, {
    loadRemotes: () => Promise.resolve((root) => remoteStores(host, root)),
    loadRegistries: () => Promise.resolve(allRegistries()),
  });
  try {
    return await work(instance);
  } finally {
    await instance.close();
  }
}

/** The report of a work tree and what was opened for it. */
export async function look(atlas: Place, paths: string[] = [], ignored = false) {
  const { host, opened } = countingHost(atlas.root, atlas.home);
  const report = await withOpen(host, (instance) => status(instance, { paths, ignored }));
  return { report, opened, found: found(report) };
}

/** Status by path; renames as `from → path`. */
function found({ entries }: StatusReport): Record<string, string> {
  return Object.fromEntries(
    entries.map(({ path, from, status }) => [from ? `${from} → ${path}` : path, status]),
  );
}

/** How many queries the status of a work tree takes. */
export async function queriesFor({ root, home }: Place): Promise<number> {
  let count = 0;
  const { host } = countingHost(root, home);
  await withOpen(host, async (instance) => {
    const read = instance.database.read.bind(instance.database);
    instance.database.read = (work) => read((reader) => work(counting(reader, () => count++)));
    await status(instance, { paths: [], ignored: false });
  });
  return count;
}

function counting(reader: Reader, count: () => void): Reader {
  return new Proxy(reader, {
    get(target, name: keyof Reader) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]) => {
        count();
        return (value as (...all: unknown[]) => unknown).apply(target, parameters);
      };
    },
  });
}
