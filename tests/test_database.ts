import { missingPostgres, newDatabase } from "./postgres_server.ts";

/**
 * Where the tests of the program make instances: in SQLite, or each in a new Postgres database when
 * LAMIN_TEST_DATABASE is `postgres`.
 */
export const onPostgres = Deno.env.get("LAMIN_TEST_DATABASE") === "postgres";

/** Why a test that is about files of SQLite is skipped, when it is. */
export const onlySqlite = onPostgres ? "it is about the file of SQLite" : undefined;

/** Databases by the folders of their instances. */
const urls = new Map<string, string>();

/** Where the rows of an instance are that a test made, unless in its folder. */
export function databaseUrlOf(root: string): string | undefined {
  return urls.get(root);
}

/** Databases that a workspace made, to be removed with it. */
export class TestDatabases {
  readonly #removals: (() => Promise<void>)[] = [];

  /** Words of a command line that names a new database where it makes an instance without one. */
  async wordsFor(words: readonly string[], folder: string): Promise<readonly string[]> {
    const isInit = words[0] === "init" && !words.some((word) => /^--(db|help)\b/.test(word));
    if (!onPostgres || !isInit) return words;
    const missing = missingPostgres();
    if (missing !== undefined) throw new Error(missing);
    const { url, remove } = await newDatabase();
    this.#removals.push(remove);
    // Python's rule takes the name of the database, which is random here.
    const [given] = words.slice(1).filter((word, index) =>
      !word.startsWith("-") && !/^--(storage|name|modules)$/.test(words[index]!)
    );
    const place = new URL(given ?? ".", `file://${folder}/`).pathname.replace(/\/$/, "");
    urls.set(place, url);
    const name = words.some((word) => word.startsWith("--name"))
      ? []
      : ["--name", place.slice(place.lastIndexOf("/") + 1)];
    return [...words, "--db", url, ...name];
  }

  async remove(): Promise<void> {
    for (const remove of this.#removals) await remove();
  }
}
