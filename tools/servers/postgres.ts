import { freePort } from "./free_port.ts";

/** A running Postgres server with the superuser `lamin`, who needs no password. */
export interface StartedPostgres {
  /** URL of its own database. */
  readonly url: string;
  readonly folder: string;
  readonly port: number;
  /** Ends it at once and removes its files. */
  readonly stop: () => void;
}

/** Folder of the server's programs, or undefined where there are none. */
export function findPostgres(): string | undefined {
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

/** The server refuses to run as root: whoever is root lends it the user that nothing belongs to. */
export const asServer = Deno.build.os === "linux" && Deno.uid() === 0
  ? { uid: 65534, gid: 65534 }
  : {};

/**
 * Starts a server on this machine, with its files in a temporary folder. Its databases sort by the
 * rules of a language, so that what relies on the order of bytes without saying so is found.
 */
export async function startPostgres(
  programs: string,
  settings: readonly string[] = [],
): Promise<StartedPostgres> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-postgres-" });
  if (asServer.uid !== undefined) Deno.chownSync(folder, asServer.uid, asServer.gid);
  const data = `${folder}/data`;
  await ended(`${programs}/initdb`, [
    ...["-D", data, "-U", "lamin", "--auth=trust", "--no-sync", "--encoding=UTF8"],
    ...["--locale=C", "--locale-provider=icu", "--icu-locale=en"],
  ]);
  const port = freePort();
  const options = [
    ...["max_connections=100", "unix_socket_directories=" + folder],
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

/** URL of another database of the same server. */
export function databaseAt(url: string, name: string): string {
  return url.replace(/\/[^/]*$/, `/${name}`);
}
