import { s3Server } from "../s3_server.ts";
import { type Place, type Said, say } from "./in_process.ts";

/** A folder and a home of one machine, with keys for the buckets of the test's S3 server. */
export interface Machine extends Place {
  /** Runs a command line. */
  run(...words: readonly string[]): Promise<Said>;
  /** Runs one that has to succeed; gives its standard output. */
  lamin(...words: readonly string[]): Promise<string>;
  // deno-lint-ignore no-explicit-any
  json(...words: readonly string[]): Promise<any[]>;
  write(path: string, text: string): void;
  read(path: string): string;
  /** The same person in another folder. */
  in(folder: string): Machine;
}

export interface Buckets {
  /** URL of a folder in a new bucket. */
  readonly root: string;
  /** The local folder in which its objects are files. */
  readonly folder: string;
  /** A machine that knows nothing yet. */
  machine(name: string): Machine;
}

export const keys = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "testsecret" };

/** Runs `work` with a new bucket on a real server. */
export async function withBuckets(work: (buckets: Buckets) => Promise<void>): Promise<void> {
  const server = await s3Server();
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const bucket = await server.bucket();
  try {
    await work({
      root: `s3://${bucket}/atlas?endpoint_url=${server.endpoint}`,
      folder: `${await server.folderOf(bucket)}/atlas`,
      machine(name) {
        const [folder, home] = [`${base}/${name}/atlas`, `${base}/${name}/home`];
        for (const path of [folder, home]) Deno.mkdirSync(path, { recursive: true });
        return machineAt({ folder, home, environment: keys });
      },
    });
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

/** A machine with the commands on it. */
export function machineAt(place: Place): Machine {
  const run = (...words: readonly string[]) => say(place, ...words);
  const lamin = async (...words: readonly string[]) => {
    const said = await run(...words);
    if (said.code !== 0) throw new Error(`lamin ${words.join(" ")}: ${said.code} ${said.stderr}`);
    return said.stdout;
  };
  return {
    ...place,
    run,
    lamin,
    json: async (...words) => {
      const lines = (await lamin(...words, "--json")).trim().split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line));
    },
    write: (path, text) => {
      const absolute = `${place.folder}/${path}`;
      Deno.mkdirSync(absolute.slice(0, absolute.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(absolute, text);
    },
    read: (path) => Deno.readTextFileSync(`${place.folder}/${path}`),
    in: (folder) => machineAt({ ...place, folder }),
  };
}
