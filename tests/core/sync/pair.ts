/** Two instances, one of which has the rows of the other but not their bytes. */

import { allRegistries } from "../../../cli/modules.ts";
import { remoteStores } from "../../../cli/remote_stores.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { artifact } from "../../../core/registry/lamindb/artifact.ts";
import { instancePeer } from "../../../core/sync/instance_peer.ts";
import { sync } from "../../../core/sync/sync.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Host } from "../../../store/host/host.ts";
import { type Atlas, atlasAt } from "../../cli/atlas.ts";
import { withWorkspace } from "../../lamin.ts";
import { s3Keys, s3Server } from "../../s3_server.ts";
import { storageOf, testEnvironment } from "../../test_database.ts";

/** Where an instance keeps what is added to it: "disk" is wherever tests are told to keep it. */
export type Kind = "disk" | "s3";

export interface Side extends Atlas {
  readonly host: Host;
  /** The folder in which its stored bytes are files. */
  readonly stored: string;
  /** Opens it, for as long as `work` takes. */
  open<T>(work: (instance: Instance) => Promise<T>): Promise<T>;
}

export interface Pair {
  readonly source: Side;
  readonly target: Side;
  /** The folder that both lie in. */
  readonly base: string;
}

/** Runs `work` with two new instances. */
export async function withPair(
  kinds: { readonly source: Kind; readonly target: Kind },
  work: (pair: Pair) => Promise<void>,
): Promise<void> {
  await withWorkspace(async ({ root }) => {
    const base = root.slice(0, root.lastIndexOf("/"));
    const source = await makeSide(base, "source", kinds.source);
    const target = await makeSide(base, "target", kinds.target);
    await work({ source, target, base });
  });
}

async function makeSide(base: string, name: string, kind: Kind): Promise<Side> {
  const [root, home] = [`${base}/${name}`, `${base}/home`];
  Deno.mkdirSync(root);
  const environment = kind === "s3" ? s3Keys : {};
  const atlas = atlasAt(root, home, { environment });
  await atlas.lamin("init");
  const side = sideOf(atlas, environment);
  if (kind === "disk") return side;
  const server = await s3Server();
  const bucket = await server.bucket();
  const url = `s3://${bucket}/atlas?endpoint_url=${server.endpoint}`;
  await atlas.lamin("storage", "add", url);
  await atlas.lamin("storage", "switch", url);
  return { ...side, stored: `${server.folderOf(bucket)}/atlas` };
}

/** An instance that is there. */
export function sideOf(atlas: Atlas, environment: Readonly<Record<string, string>> = {}): Side {
  const host: Host = {
    ...denoHost(),
    homeDirectory: () => atlas.home,
    workingDirectory: () => atlas.root,
    environment: (name) => environment[name] ?? testEnvironment[name],
  };
  const open: Side["open"] = async (work) => {
    const instance = await openInstance(host, {
      openRemote: (root) => remoteStores(host, root),
      wanted: atlas.root,
      readOnly: false,
      loadRegistries: () => Promise.resolve(allRegistries()),
    });
    try {
      return await work(instance);
    } finally {
      await instance.close();
    }
  };
  return { ...atlas, host, stored: storageOf(atlas.root), open };
}

/** Opens both. */
export async function both<T>(
  { source, target }: Pick<Pair, "source" | "target">,
  work: (source: Instance, target: Instance) => Promise<T>,
): Promise<T> {
  return await source.open((from) => target.open((to) => work(from, to)));
}

/** Gives the target the source's rows, not their bytes; returns the uids of all its artifacts. */
export async function syncRows(pair: Pick<Pair, "source" | "target">): Promise<string[]> {
  return await both(pair, async (source, target) => {
    const registries = allRegistries();
    const peer = await instancePeer(source, registries);
    const request = { source: peer, target, registries, remote: "lab" };
    await sync(request, { verb: "pull", command: ["pull"] });
    const rows = await target.database.read((reader) =>
      reader.select(artifact, "TRUE ORDER BY id")
    );
    return rows.map(({ uid }) => uid);
  });
}

/** Paths of all files below a folder, with their sizes, but for what LaminDB and lamin keep. */
export function objectsIn(stored: string): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(`${stored}/.lamindb/objects/${folder}`)];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    for (const { name, isDirectory } of entries) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (isDirectory) walk(path);
      else found.push(path);
    }
  };
  walk("");
  return found.sort();
}
