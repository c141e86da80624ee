import { DatabaseSync } from "node:sqlite";
import { remoteLike, type Server, serverIn } from "../remote_like.ts";
import { type Atlas, atlasAt, withAtlas } from "./atlas.ts";
import type { Place } from "./in_process.ts";

/** An instance whose bytes are in a bucket, and whose rows are in a file beside the work tree. */
export interface RemoteAtlas extends Atlas {
  readonly server: Server;
  readonly place: Place;
  /** Absolute path of the database. */
  readonly database: string;
  /** The folder in which the server keeps a bucket. */
  bucket(name: string): string;
}

/** Root of the storage of the instance. */
export const remoteRoot = "s3://lab/atlas";

/** Another server than one over a folder. */
export interface RealServer {
  /** Root of the storage of the instance. */
  readonly root: string;
  /** What holds the keys to it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs `work` in an instance with its bytes on a server. */
export async function withRemoteAtlas(
  work: (atlas: RemoteAtlas) => Promise<void>,
  real?: RealServer,
): Promise<void> {
  await withAtlas(async ({ root, home }) => {
    const base = root.slice(0, root.lastIndexOf("/"));
    const server = serverIn(`${base}/server`);
    const database = `${base}/rows/lamin.db`;
    Deno.mkdirSync(`${base}/rows`);
    Deno.renameSync(`${root}/.lamindb/lamin.db`, database);
    Deno.removeSync(`${root}/.lamindb`, { recursive: true });
    const storageRoot = real?.root ?? remoteRoot;
    sql(database, `UPDATE lamindb_storage SET root = '${storageRoot}', type = 's3'`);
    moveSettings(home, { from: root, to: storageRoot, database });
    const place: Place = {
      folder: root,
      home,
      ...(real === undefined
        ? { stores: (host, root) => remoteLike(host, server, root) }
        : { environment: real.environment }),
    };
    const atlas = atlasAt(root, home, place);
    const bucket = (name: string) => `${server.folder}/${name}`;
    await work({ ...atlas, server, place, database, bucket });
  });
}

function moveSettings(
  home: string,
  { from, to, database }: { from: string; to: string; database: string },
): void {
  const folder = `${home}/.lamin`;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.startsWith("instance--")) continue;
    const text = Deno.readTextFileSync(`${folder}/${name}`)
      .replace(`storage_root=${from}`, `storage_root=${to}`)
      .replace(/_db=.*/, `_db=sqlite:///${database}`);
    Deno.writeTextFileSync(`${folder}/${name}`, text);
  }
}

/** Runs statements on a database file. */
export function sql(path: string, statements: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(statements);
  } finally {
    database.close();
  }
}

/** Puts an object into a bucket of the server, without lamin. */
export function putObject(
  { server }: RemoteAtlas,
  path: string,
  content: string | Uint8Array,
): void {
  const file = `${server.folder}/${path}`;
  Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  if (typeof content === "string") Deno.writeTextFileSync(file, content);
  else Deno.writeFileSync(file, content);
}
