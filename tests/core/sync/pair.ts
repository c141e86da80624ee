/** Two instances, one of which has the rows of the other but not their bytes. */

import { allRegistries } from "../../../cli/modules.ts";
import { remoteStores } from "../../../cli/remote_stores.ts";
import type { Instance } from "../../../core/instance/instance.ts";
import { openInstance } from "../../../core/instance/open.ts";
import { currentUserId } from "../../../core/instance/user.ts";
import { mutate } from "../../../core/operation/mutate.ts";
import { artifact } from "../../../core/registry/lamindb/artifact.ts";
import { laminContent } from "../../../core/side_tables.ts";
import { laminArrival, makeSyncTables } from "../../../core/sync/tables.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Host } from "../../../store/host/host.ts";
import { type Atlas, atlasAt } from "../../cli/atlas.ts";
import { withWorkspace } from "../../lamin.ts";
import { s3Keys, s3Server } from "../../s3_server.ts";

/** Where an instance keeps what is added to it. */
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
  const [root, home] = [`${base}/${name}/atlas`, `${base}/${name}/home`];
  for (const folder of [root, home]) Deno.mkdirSync(folder, { recursive: true });
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
    environment: (name) => environment[name],
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
  return { ...atlas, host, stored: atlas.root, open };
}

/** Opens both. */
export async function both<T>(
  { source, target }: Pick<Pair, "source" | "target">,
  work: (source: Instance, target: Instance) => Promise<T>,
): Promise<T> {
  return await source.open((from) => target.open((to) => work(from, to)));
}

/**
 * Gives the target the source's artifacts as a sync without bytes does, the plainest part of it;
 * returns their uids.
 */
export async function syncRows(pair: Pick<Pair, "source" | "target">): Promise<string[]> {
  return await both(pair, async (source, target) => {
    const { rows, contents } = await source.database.read(async (reader) => ({
      rows: await reader.select(artifact, "TRUE ORDER BY id"),
      contents: await reader.hasTable(laminContent.name) ? await reader.select(laminContent) : [],
    }));
    const hashing = await target.host.hashing();
    await mutate(target, { verb: "pull", command: ["pull"] }, async (changes) => {
      await makeSyncTables(changes.writer, hashing);
      const userId = await currentUserId(target, changes);
      const ids = await changes.insert(
        artifact,
        rows.map(({ id: _, ...row }) => ({
          ...row,
          storage_id: target.ownStorage.id,
          branch_id: row.branch_id,
          created_by_id: userId,
          schema_id: null,
          run_id: null,
        })),
      );
      const byId = new Map(rows.map(({ id }, index) => [id, ids[index]!]));
      await changes.insert(
        laminContent,
        contents.map(({ id: _, ...content }) => ({
          ...content,
          artifact_id: byId.get(content.artifact_id)!,
        })),
      );
      await changes.insert(laminArrival, [{
        first_id: ids[0]!,
        last_id: ids.at(-1)!,
        instance_uid: source.ownStorage.instance_uid!,
        remote: "lab",
        created_at: "2026-01-01 00:00:00.000000",
      }]);
      return { result: undefined, summary: "rows alone" };
    });
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
