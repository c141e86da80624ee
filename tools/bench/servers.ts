import { asServer, databaseAt, findPostgres, startPostgres } from "../servers/postgres.ts";
import { isFree } from "../servers/free_port.ts";
import { findVersitygw, type S3Keys, startVersitygw } from "../servers/versitygw.ts";
import { run } from "../build/run.ts";
import { peerFolders } from "./peer_folders.ts";
import type { ToolFact } from "./report.ts";

/** Servers that courses need. */
export type ServerName = "versitygw" | "postgres";

/** The bucket of a place. */
export interface Bucket {
  readonly name: string;
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** The folder in which its objects are files. */
  readonly folder: string;
}

export const bucketKeys: S3Keys = {
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench-secret",
};

/** git-annex leaves the port out of what it signs, so it finds only servers on this one. */
const annexPort = 80;

/** An S3 server whose buckets are emptied with the folder of the bench. */
export interface Buckets {
  readonly endpoint: string;
  /** Whether the server listens on port 80, too. */
  readonly isOnPort80: boolean;
  /** Makes an empty bucket, without what an earlier round left. */
  fresh(name: string): Promise<Bucket>;
  /** Makes a folder a bucket; its objects stay in it. */
  linked(name: string, folder: string): Promise<Bucket>;
}

/** The servers of a run: each starts when a course first asks for it. */
export class Servers {
  #buckets: Promise<Buckets> | undefined;
  #postgres: Promise<string> | undefined;
  readonly #databases = new Map<string, number>();
  readonly #stops: (() => void)[] = [];

  /** `folder` is for buckets; it need not be there yet. */
  constructor(private readonly folder: string) {}

  buckets(): Promise<Buckets> {
    return this.#buckets ??= this.#startBuckets();
  }

  /**
   * URL of a new, empty database; the one before of the same purpose is gone. No name is given
   * twice, as LaminDB takes it for the name of an instance that it may know.
   */
  async database(purpose: string): Promise<string> {
    const url = await (this.#postgres ??= this.#startPostgres());
    const before = this.#databases.get(purpose) ?? 0;
    const [old, name] = [before, before + 1].map((number) => `${purpose}_${number}`);
    await statements(url, [
      `DROP DATABASE IF EXISTS "${old}" WITH (FORCE)`,
      `CREATE DATABASE "${name}"`,
    ]);
    this.#databases.set(purpose, before + 1);
    return databaseAt(url, name!);
  }

  /** Calls this, too, when all is over. */
  alsoStop(stop: () => void): void {
    this.#stops.push(stop);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  async #startPostgres(): Promise<string> {
    // With the settings that a new server has, so with every commit flushed to the disk.
    const { url, stop } = await startPostgres(findPostgres()!);
    this.#stops.push(stop);
    return url;
  }

  async #startBuckets(): Promise<Buckets> {
    const { folder } = this;
    await Deno.mkdir(folder, { recursive: true });
    const isOnPort80 = isFree(annexPort);
    const { endpoint, makeBucket, stop } = await startVersitygw(
      findVersitygw(peerFolders)!,
      {
        keys: bucketKeys,
        buckets: folder,
        links: true,
        ...(isOnPort80 ? { port: annexPort } : {}),
      },
    );
    this.#stops.push(stop);
    return {
      endpoint,
      isOnPort80,
      fresh: async (name) => {
        await Deno.remove(`${folder}/${name}`, { recursive: true }).catch(ifThere);
        await makeBucket(name);
        return { name, endpoint, folder: `${folder}/${name}` };
      },
      linked: async (name, target) => {
        await Deno.remove(`${folder}/${name}`).catch(ifThere);
        await Deno.symlink(target, `${folder}/${name}`);
        return { name, endpoint, folder: target };
      },
    };
  }
}

function ifThere(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Runs statements one after another in a database. */
export async function statements(url: string, texts: readonly string[]): Promise<void> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    for (const text of texts) await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

/** What this computer has of the servers, or why it has them not. */
export async function findServers(names: ReadonlySet<ServerName>): Promise<ToolFact[]> {
  const facts: ToolFact[] = [];
  if (names.has("versitygw")) {
    facts.push(
      findVersitygw(peerFolders) === undefined
        ? {
          name: "versitygw",
          missing: "not on the PATH, nor named by LAMIN_TEST_VERSITYGW, nor installed by " +
            "--install-peers: nothing is measured with buckets",
        }
        : { name: "versitygw", kind: "server", version: "found" },
    );
  }
  if (names.has("postgres")) {
    const programs = findPostgres();
    facts.push(
      programs === undefined
        ? {
          name: "postgres",
          missing: "no server in /usr/lib/postgresql, nor named by LAMIN_TEST_POSTGRES_BIN: " +
            "nothing is measured with it",
        }
        : { name: "postgres", kind: "server", version: await versionOf(`${programs}/postgres`) },
    );
  }
  return facts;
}

async function versionOf(program: string): Promise<string> {
  return (await run(program, ["--version"], { cwd: "/", ...asServer })).stdout.trim();
}
