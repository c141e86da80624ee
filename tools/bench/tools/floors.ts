import { cloneOf, remoteOf } from "../between.ts";
import { command, type Tool, type Work } from "../tool.ts";

/** What no tool can do without: reading and hashing all bytes with the system's fastest SHA-256. */
export const openssl: Tool = {
  name: "openssl",
  kind: "floor",
  scenes: ["large/add", "large/copy", "large/check", "files/check", "more-files/check"],
  work: {
    version: () => [command("openssl", "version")],
    add: (_, path) => [command("openssl", "dgst -sha256", path)],
    // One process for as many files as a command line holds.
    check: () => [
      command("bash", "-c", "find . -type f -print0 | xargs -0 openssl dgst -sha256"),
    ],
  },
};

/** Writing the bytes a second time. */
export const cp: Tool = {
  name: "cp",
  kind: "floor",
  scenes: [
    ...["large/add", "files/add", "more-files/add"],
    ...["sync-clone", "sync-large", "sync-files/push", "sync-files/clone"],
  ],
  work: {
    version: () => [command("cp", "--version")],
    push: (place, path) => [command("cp", "-a", path, remoteOf(place))],
    clone: (place) => [command("cp", "-a", remoteOf(place), cloneOf(place))],
    cloneRows: (place) => [command("cp", ".lamindb/lamin.db", cloneOf(place))],
    add: ({ store }, path) => [command("cp", "-R", path, store)],
  },
};

/** What the database needs for a question when nothing else is loaded or written. */
export const sqlite: Tool = {
  name: "sqlite3",
  kind: "floor",
  scenes: ["query", "more-query"],
  work: {
    version: () => [command("sqlite3", "--version")],
    newest: () => [ask("ORDER BY created_at DESC LIMIT 20")],
    show: (_, key) => [ask(`WHERE key = '${key}' AND is_latest`)],
    prefix: (_, key) => [ask(`WHERE key >= '${key}' AND key < '${after(key)}' LIMIT 20`)],
    suffix: (_, suffix) => [ask(`WHERE suffix = '${suffix}' LIMIT 20`)],
    label: (_, name) => [
      ask(
        `WHERE id IN (SELECT artifact_id FROM lamindb_artifactulabel WHERE ulabel_id =
         (SELECT id FROM lamindb_ulabel WHERE name = '${name}') LIMIT 20)`,
      ),
    ],
    history: (_, key) => [ask(`WHERE key = '${key}'`)],
  },
};

/** The same of the server, at whose tables the folder of an instance does not lead. */
export const psql: Tool = {
  name: "psql",
  kind: "floor",
  scenes: ["postgres"],
  work: Object.fromEntries(
    Object.entries(sqlite.work).map(([operation, work]) => [
      operation,
      operation === "version" ? () => [command("psql", "--version")] : onServer(work),
    ]),
  ),
};

/** The question that a command asks SQLite, asked of the place's database. */
function onServer(work: Work): Work {
  return (place, subject) =>
    work(place, subject).map(({ args }) =>
      command("psql", "--no-psqlrc -q -t -A", "-c", args.at(-1)!, place.database!)
    );
}

function ask(condition: string) {
  const question = `SELECT uid, key, size FROM lamindb_artifact ${condition}`;
  return command("sqlite3", "-readonly .lamindb/lamin.db", question);
}

/** The text that comes right after all that start with `prefix`. */
function after(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

/** Inserting the rows of registered files into the same tables, with Deno's SQLite. */
export const rawRows: Tool = {
  name: "raw rows",
  kind: "floor",
  scenes: ["bulk"],
  work: {
    version: () => [command(Deno.execPath(), "--version")],
    register: ({ folder }, list) => [
      command(
        Deno.execPath(),
        "run -A --no-check --quiet",
        new URL("../raw_rows.ts", import.meta.url).pathname,
        `${folder}/.lamindb/lamin.db`,
        list,
      ),
    ],
  },
};
