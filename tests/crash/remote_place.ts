import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { dumpOf } from "../migrate/dump.ts";
import { allRegistries } from "../../cli/modules.ts";
import { sideTables } from "../../core/side_tables.ts";
import type { DatabaseAddress } from "../../store/database/address.ts";
import { onServer, postgresServer } from "../postgres_server.ts";
import { s3Keys, s3Server } from "../s3_server.ts";
import { exists, filesBelow, hashOf, type Look } from "./look.ts";

/** An instance whose rows and bytes are on servers, and which can be put back to how it was. */
export interface RemotePlace {
  readonly atlas: Atlas;
  /** The local folder in which the objects of its storage are files. */
  readonly bucket: string;
  readonly environment: Readonly<Record<string, string>>;
  look(): Promise<Look>;
  /** Keeps what is there now; returns what puts it back. */
  keep(): Promise<() => Promise<void>>;
}

export type PlaceName = "rows in Postgres, bytes in S3" | "a SQLite file in a bucket";

/** Where the rows of a place are. */
interface Rows {
  /** Words of the command line of `init` that say so. */
  readonly words: readonly string[];
  readonly address: DatabaseAddress;
  /** Keeps them; returns what puts them back. */
  keep(): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Runs `work` in a new instance of a kind, on real servers. */
export async function withRemotePlace(
  name: PlaceName,
  work: (place: RemotePlace) => Promise<void>,
): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const server = await s3Server();
  const bucketName = await server.bucket();
  const bucket = `${server.folderOf(bucketName)}/atlas`;
  const rows = name === "a SQLite file in a bucket" ? rowsInBucket(bucket) : await rowsOnServer();
  try {
    const folders = [`${base}/atlas`, `${base}/home`];
    for (const folder of folders) Deno.mkdirSync(folder);
    const atlas = atlasAt(`${base}/atlas`, `${base}/home`, { environment: s3Keys });
    const storage = `s3://${bucketName}/atlas?endpoint_url=${server.endpoint}`;
    await atlas.lamin("init", "--storage", storage, "--name", "atlas", ...rows.words);
    const kept = [...folders, bucket];
    await work({
      atlas,
      bucket,
      environment: s3Keys,
      look: () => look(atlas.root, bucket, rows.address),
      keep: async () => {
        const restoreRows = await rows.keep();
        for (const [index, folder] of kept.entries()) copy(folder, `${base}/kept${index}`);
        return async () => {
          for (const [index, folder] of kept.entries()) {
            Deno.removeSync(folder, { recursive: true });
            copy(`${base}/kept${index}`, folder);
          }
          await restoreRows();
        };
      },
    });
  } finally {
    await rows.remove();
    Deno.removeSync(base, { recursive: true });
  }
}

function rowsInBucket(bucket: string): Rows {
  return {
    words: [],
    address: { kind: "sqlite", path: `${bucket}/.lamindb/lamin.db` },
    keep: () => Promise.resolve(() => Promise.resolve()),
    remove: () => Promise.resolve(),
  };
}

/** A database, and a second one that keeps what was in it. */
async function rowsOnServer(): Promise<Rows> {
  const server = await postgresServer();
  const name = `lamin_${crypto.randomUUID().replaceAll("-", "")}`;
  const drop = (one: string) => `DROP DATABASE IF EXISTS "${one}" WITH (FORCE)`;
  const copyOf = (from: string, to: string) => `CREATE DATABASE "${to}" TEMPLATE "${from}"`;
  await onServer(server, [`CREATE DATABASE "${name}"`]);
  return {
    words: ["--db", server.url(name)],
    address: { kind: "postgres", url: server.url(name) },
    keep: async () => {
      await onServer(server, [copyOf(name, `${name}_kept`)]);
      return () => onServer(server, [drop(name), copyOf(`${name}_kept`, name)]);
    },
    remove: () => onServer(server, [drop(name), drop(`${name}_kept`)]),
  };
}

const columns = new Map(
  [...allRegistries(), ...sideTables].map((table) => [table.name, Object.keys(table.columns)]),
);
const logTables = new Set(["lamin_operation", "lamin_change"]);

async function look(root: string, bucket: string, address: DatabaseAddress): Promise<Look> {
  const dump = await dumpOf(address);
  const rowsOf = (table: string) =>
    dump[table]!.map((row) => namedRow(columns.get(table)!, JSON.parse(row)));
  const textsOf = (table: string) => rowsOf(table).map((row) => `${table} ${JSON.stringify(row)}`);
  const tables = Object.keys(dump).sort();
  const artifacts = "lamindb_artifact" in dump ? rowsOf("lamindb_artifact") : [];
  return {
    rows: tables.filter((table) => !logTables.has(table)).flatMap(textsOf),
    operations: tables.filter((table) => logTables.has(table)).flatMap(textsOf),
    contents: Object.fromEntries(
      artifacts.map(({ id, key, _real_key }) => [id, hashOf(`${bucket}/${_real_key ?? key}`)]),
    ),
    files: filesBelow(root, ""),
  };
}

function namedRow(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** With what the server keeps beside the bytes of a file. */
function copy(from: string, to: string): void {
  if (!exists(from)) return;
  const { success } = new Deno.Command("cp", { args: ["-a", from, to] }).outputSync();
  if (!success) throw new Error(`${from} cannot be copied`);
}
