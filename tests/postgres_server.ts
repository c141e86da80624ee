/**
 * A real Postgres server for tests: one that LAMIN_TEST_POSTGRES names, else one that a test file
 * starts for itself and that ends with it. Its databases sort by the rules of a language, so that
 * what relies on the order of bytes without saying so is found.
 */
import postgres from "postgres";

/** A server that may make databases. */
export interface PostgresServer {
  /** URL of a database of this name as its superuser. */
  url(database: string): string;
}

/** Folder of the server's programs, or undefined where there are none. */
function binaries(): string | undefined {
  const named = Deno.env.get("LAMIN_TEST_POSTGRES_BIN");
  if (named !== undefined) return named;
  const versions = "/usr/lib/postgresql";
  try {
    return [...Deno.readDirSync(versions)]
      .sort((a, b) => Number(b.name) - Number(a.name))
      .map(({ name }) => `${versions}/${name}/bin`)
      .find((folder) => exists(`${folder}/initdb`));
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Why tests with a server cannot run here, if they cannot. */
export function missingPostgres(): string | undefined {
  if (Deno.env.has("LAMIN_TEST_POSTGRES") || binaries() !== undefined) return undefined;
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
  return { url: (database) => base.replace(/\/[^/]*$/, `/${database}`) };
}

/** The server refuses to run as root: whoever is root lends it the user that nothing belongs to. */
export const asServer = Deno.build.os === "linux" && Deno.uid() === 0
  ? { uid: 65534, gid: 65534 }
  : {};

export interface StartedServer {
  readonly url: string;
  readonly folder: string;
  readonly port: number;
  readonly stop: () => void;
}

/** Starts a server with settings of its own; `stop` ends it and removes its files. */
export async function startServer(settings: readonly string[] = []): Promise<StartedServer> {
  const programs = binaries();
  const folder = Deno.makeTempDirSync({ prefix: "lamin-postgres-" });
  if (asServer.uid !== undefined) Deno.chownSync(folder, asServer.uid, asServer.gid);
  const data = `${folder}/data`;
  await ended(`${programs}/initdb`, [
    ...["-D", data, "-U", "lamin", "--auth=trust", "--no-sync", "--encoding=UTF8"],
    ...["--locale=C", "--locale-provider=icu", "--icu-locale=en"],
  ]);
  const port = freePort();
  const options = [
    ...["fsync=off", "max_connections=100", "unix_socket_directories=" + folder],
    ...["listen_addresses=127.0.0.1", `port=${port}`, ...settings],
  ];
  await ended(`${programs}/pg_ctl`, [
    ...["-D", data, "-w", "-l", `${folder}/log`],
    ...["-o", options.map((option) => `-c ${option}`).join(" "), "start"],
  ]);
  const stop = () => {
    new Deno.Command(`${programs}/pg_ctl`, {
      args: ["-D", data, "-m", "immediate", "stop"],
      stdout: "null",
      stderr: "null",
      ...asServer,
      cwd: folder,
    }).outputSync();
    Deno.removeSync(folder, { recursive: true });
  };
  return { url: `postgresql://lamin@127.0.0.1:${port}/postgres`, folder, port, stop };
}

async function ended(program: string, args: readonly string[]): Promise<void> {
  const words = [program, ...args].map((word) => `'${word}'`).join(" ");
  // Not piped, since the server that pg_ctl leaves behind would keep the pipe open.
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `${words} > /dev/null 2>&1`],
    stdin: "null",
    cwd: "/",
    ...asServer,
  }).output();
  if (!success) throw new Error(`${words} failed`);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Makes a new, empty database; `remove` takes it away, whoever is connected. */
export async function newDatabase(): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = await postgresServer();
  const name = `lamin_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer(server, [`CREATE DATABASE "${name}"`]);
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
