import { DatabaseSync } from "node:sqlite";
import { missingPostgres, newDatabase } from "./postgres_server.ts";
import { noS3Server, s3Keys, s3Server } from "./s3_server.ts";

/**
 * Where the tests of the program make instances: in SQLite, or each in a new Postgres database when
 * LAMIN_TEST_DATABASE is `postgres`.
 */
export const onPostgres = Deno.env.get("LAMIN_TEST_DATABASE") === "postgres";

/** Why a test that is about files of SQLite is skipped, when it is. */
export const onlySqlite = onPostgres ? "it is about the file of SQLite" : undefined;

/**
 * Whether artifacts of the instances of tests go to buckets of a real server, as LAMIN_TEST_STORAGE
 * says when it is `s3`: with rows in Postgres it is the instance's own storage, with rows in SQLite
 * one that is switched to.
 */
export const onS3 = Deno.env.get("LAMIN_TEST_STORAGE") === "s3";

/** Whether the folder of an instance does not hold its rows, or not its bytes. */
export const isElsewhere = onPostgres || onS3;

/** Why a test that is about files of a storage on this machine is skipped, when it is. */
export const onlyLocal = onS3 ? "it is about files of a storage on this machine" : undefined;

/** Why a test is skipped that lets `gc` collect what it was not told to look at, when it is. */
export const gcLooksHere = onS3 && !onPostgres
  ? "gc looks at a storage that was switched to only when it is named"
  : undefined;

/** Why a test about notes of objects is skipped, when it is. */
export const ownStorage = onS3 && !onPostgres
  ? "only objects in the instance's own storage are listed and noted"
  : undefined;

/** Why a test that chooses where rows and bytes go is skipped, when it is. */
export const ownPlaces = isElsewhere ? "it chooses where rows and bytes go" : undefined;

/** Why a test that takes the folder of an instance elsewhere is skipped, when it is. */
export const wholeFolder = isElsewhere
  ? "the folder of the instance does not hold its rows, or not its bytes"
  : undefined;

/** What programs under test have in their environment besides. */
export const testEnvironment: Readonly<Record<string, string>> = onS3 ? s3Keys : {};

/** Databases by the folders of their instances. */
const urls = new Map<string, string>();

/** Where the rows of an instance are that a test made, unless in its folder. */
export function databaseUrlOf(root: string): string | undefined {
  return urls.get(root);
}

/** The databases and buckets of instances in and below a folder, by the folders of these. */
export function placesBelow(folder: string): {
  readonly databases: readonly (readonly [place: string, url: string])[];
  readonly storages: readonly (readonly [place: string, url: string])[];
} {
  const isBelow = (place: string) => place === folder || place.startsWith(`${folder}/`);
  return {
    databases: [...urls].filter(([place]) => isBelow(place)),
    storages: [...buckets].filter(([place]) => isBelow(place)).map((
      [place, { url }],
    ) => [place, url]),
  };
}

/** Notes that the rows of the instance in a folder are in a database. */
export function noteDatabase(place: string, url: string): void {
  urls.set(place, url);
}

function isInit(words: readonly string[], flag: string): boolean {
  return words[0] === "init" && !words.some((word) =>
    word === "--help" || word === `--${flag}` ||
    word.startsWith(`--${flag}=`)
  );
}

/** The storage of an instance, by its folder. */
const buckets = new Map<string, { readonly folder: string; readonly url: string }>();

/** The folder in which what an instance stored are files: its own, or one of the server's. */
export function storageOf(root: string): string {
  return buckets.get(root)?.folder ?? root;
}

/** The root of the storage of an instance, as the program calls it. */
export function storageRootOf(root: string): string {
  return buckets.get(root)?.url ?? root;
}

/** The folder of an instance's work tree in which this machine notes what it knows of that. */
export const notesFolder = onPostgres && onS3 ? ".lamin" : ".lamindb";

/** Path of the cache of hashes of an instance's work tree, from there. */
export const workIndex = `${notesFolder}/work_index.db`;

/** A new bucket for the instance in a folder; returns the root of its storage. */
export async function newBucket(place: string): Promise<string> {
  if (noS3Server !== undefined) throw new Error(noS3Server);
  const server = await s3Server();
  const bucket = await server.bucket();
  const url = `s3://${bucket}/atlas?endpoint_url=${server.endpoint}`;
  buckets.set(place, { folder: `${server.folderOf(bucket)}/atlas`, url });
  return url;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Databases that a workspace made, to be removed with it. */
export class TestDatabases {
  readonly #removals: (() => Promise<void>)[] = [];

  /** Words of a command line that names a new database where it makes an instance without one. */
  async wordsFor(words: readonly string[], folder: string): Promise<readonly string[]> {
    if (!onPostgres || !isInit(words, "db")) return words;
    const missing = missingPostgres();
    if (missing !== undefined) throw new Error(missing);
    const [given] = words.slice(1).filter((word, index) =>
      !word.startsWith("-") && !/^--(storage|name|modules)$/.test(words[index]!)
    );
    const place = new URL(given ?? ".", `file://${folder}/`).pathname.replace(/\/$/, "");
    // Where an instance is no other one is made.
    if (urls.has(place) && isThere(`${place}/.lamin/current_instance`)) return words;
    const { url, remove } = await newDatabase();
    this.#removals.push(remove);
    urls.set(place, url);
    // Python's rule takes the name of the database, which is random here.
    const name = words.some((word) => word.startsWith("--name"))
      ? []
      : ["--name", place.slice(place.lastIndexOf("/") + 1)];
    const isHere = !onS3 || words.some((word) => word.startsWith("--storage"));
    const storage = isHere ? [] : ["--storage", await newBucket(place)];
    return [...words, "--db", url, ...name, ...storage];
  }

  /** Lets artifacts of an instance that was just made go to a new bucket, if they are to. */
  async furnish(
    words: readonly string[],
    folder: string,
    run: (...words: readonly string[]) => Promise<{ code: number; stderr: string }>,
  ): Promise<void> {
    if (!onS3 || onPostgres || !isInit(words, "storage")) return;
    const [given = "."] = words.slice(1).filter((word, index) =>
      !word.startsWith("-") && !/^--(storage|name|modules)$/.test(words[index]!)
    );
    const place = new URL(given, `file://${folder}/`).pathname.replace(/\/$/, "");
    const root = await newBucket(place);
    for (const action of ["add", "switch"]) {
      const { code, stderr } = await run("-C", place, "storage", action, root);
      if (code !== 0) throw new Error(stderr);
    }
    // Tests begin with an instance to which nothing happened yet.
    const database = new DatabaseSync(`${place}/.lamindb/lamin.db`);
    database.exec("DELETE FROM lamin_change; DELETE FROM lamin_operation;");
    database.exec("DELETE FROM sqlite_sequence WHERE name IN ('lamin_change', 'lamin_operation')");
    database.close();
  }

  async remove(): Promise<void> {
    for (const remove of this.#removals) await remove();
  }
}
