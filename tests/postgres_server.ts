/**
 * A real Postgres server for tests: one that LAMIN_TEST_POSTGRES names, else one that a test file
 * starts for itself and that ends with it. Its databases sort by the rules of a language, so that
 * what relies on the order of bytes without saying so is found.
 */
import postgres from "postgres";
import {
  databaseAt,
  findPostgres,
  type StartedPostgres,
  startPostgres,
} from "../tools/servers/postgres.ts";

/** A server that may make databases. */
export interface PostgresServer {
  /** URL of a database of this name as its superuser. */
  url(database: string): string;
}

/** Why tests with a server cannot run here, if they cannot. */
export function missingPostgres(): string | undefined {
  if (Deno.env.has("LAMIN_TEST_POSTGRES") || findPostgres() !== undefined) return undefined;
  return "no Postgres server here; LAMIN_TEST_POSTGRES_BIN can name the folder of its programs";
}

let server: Promise<PostgresServer> | undefined;

/** The server of this test file. */
export function postgresServer(): Promise<PostgresServer> {
  server ??= start();
  return server;
}

async function start(): Promise<PostgresServer> {
  const given = Deno.env.get("LAMIN_TEST_POSTGRES");
  if (given !== undefined) return serverAt(given);
  const started = await startServer();
  globalThis.addEventListener("unload", started.stop);
  return serverAt(started.url);
}

function serverAt(base: string): PostgresServer {
  return { url: (database) => databaseAt(base, database) };
}

/** Starts a server with settings of its own; `stop` ends it and removes its files. */
export function startServer(settings: readonly string[] = []): Promise<StartedPostgres> {
  return startPostgres(findPostgres()!, ["fsync=off", ...settings]);
}

/** Makes a new, empty database; `remove` takes it away, whoever is connected. */
export async function newDatabase(): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = await postgresServer();
  const name = `lamin_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer(server, [`CREATE DATABASE "${name}"`]);
  const remove = () => onServer(server, [`DROP DATABASE "${name}" WITH (FORCE)`]);
  return { url: server.url(name), remove };
}

/** Makes a database with what another one has, which nobody may be connected to. */
export async function copyDatabase(url: string): ReturnType<typeof newDatabase> {
  const server = await postgresServer();
  const name = `lamin_${crypto.randomUUID().replaceAll("-", "")}`;
  const from = new URL(url).pathname.slice(1);
  await onServer(server, [`CREATE DATABASE "${name}" TEMPLATE "${from}"`]);
  const remove = () => onServer(server, [`DROP DATABASE "${name}" WITH (FORCE)`]);
  return { url: server.url(name), remove };
}

/** Runs `work` with the URL of a new, empty database, which is removed afterwards. */
export async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const { url, remove } = await newDatabase();
  try {
    await work(url);
  } finally {
    await remove();
  }
}

/** Runs statements in the server's own database, each by itself. */
export async function onServer(
  server: PostgresServer,
  statements: readonly string[],
  database = "postgres",
): Promise<void> {
  await withClient(server.url(database), async (sql) => {
    for (const statement of statements) await sql.unsafe(statement);
  });
}

/** Runs `work` with a connection of the library alone, which knows nothing of the program. */
export async function withClient<T>(
  url: string,
  work: (sql: ReturnType<typeof postgres>) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
