import { command, type Tool } from "../tool.ts";

const script = (name: string) => new URL(`../peers/${name}.py`, import.meta.url).pathname;

/** Through its Python library: its own program is not to be had from a package registry. */
export const oxen = (python: string): Tool => {
  const run = (...words: readonly string[]) =>
    command(python, "", script("oxen_command"), ...words);
  return {
    name: "oxen",
    kind: "peer",
    // Every command starts Python.
    remarks: { start: "the Python library" },
    work: {
      init: () => [run("init")],
      version: () => [run("version")],
      status: () => [run("status")],
      add: (_, path) => [run("add", path)],
    },
  };
};

/**
 * LaminDB: its own program where it has one for the work, else its Python. It asks a server at each
 * save and fails without a network; `lamindb_command.py` answers in its place, so these are its
 * best figures.
 */
export const lamindb = (python: string): Tool => {
  const run = (...words: readonly string[]) =>
    command(python, "", script("lamindb_command"), ...words);
  const query = (kind: string, subject: string) => [run("query", kind, subject)];
  const program = python.replace(/[^/]+$/, "lamin");
  return {
    name: "lamindb",
    kind: "peer",
    scenes: [
      "start",
      "large",
      "files",
      "query",
      "more-query",
      "lineage",
      "bulk",
      "postgres",
      "postgres-bulk",
    ],
    remarks: {
      "large/add": "hashes the first and last 50 MiB",
      "large/again": "hashes the first and last 50 MiB",
      "large/copy": "hashes the first and last 50 MiB; drops the second name",
      files: "the folder is one artifact",
      "start/status": "its 'info': it has no status",
      "lineage/up": "its source text for Graphviz",
      "lineage/why": "finds it by hash, describes it and what its run read",
      bulk: "rows only: it looks at no file",
      "postgres-bulk": "rows only: it looks at no file",
    },
    work: {
      init: ({ store, database }) => [
        command(
          program,
          "init --storage",
          store,
          ...database === undefined ? [] : ["--db", database],
        ),
      ],
      version: () => [command(program, "--version")],
      status: () => [command(program, "info")],
      add: (_, path) => [run("cli", "save", path, "--key", path)],
      register: (_, list) => [run("register", list)],
      newest: (_, subject) => query("newest", subject),
      show: (_, key) => query("show", key),
      prefix: (_, prefix) => query("prefix", prefix),
      suffix: (_, suffix) => query("suffix", suffix),
      label: (_, name) => query("label", name),
      history: (_, key) => query("history", key),
      lineage: (_, key) => query("lineage", key),
      why: (_, path) => query("why", path),
    },
  };
};
