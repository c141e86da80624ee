import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type RawDatabase, withRaw } from "../raw_database.ts";
import { say } from "../cli/in_process.ts";
import { storageOf } from "../test_database.ts";
import { Model, Refusal, type Version } from "./model.ts";

export const paths = ["a.csv", "b.csv", "sub/c.csv"] as const;
export const contents = ["x\n", "y\n", "z\n", "w\n"] as const;

/** A command, or a change of a file and its addition. */
export type Step =
  | { readonly kind: "add"; readonly path: string; readonly content: string }
  | { readonly kind: "remove" | "restore" | "purge"; readonly path: string }
  | { readonly kind: "move"; readonly path: string; readonly to: string }
  | { readonly kind: "remove version"; readonly which: number }
  | { readonly kind: "undo" | "redo" | "collect" };

/** A row of the database as the model has versions, with the stem of its uid for the family. */
interface Row {
  readonly id: number;
  readonly uid: string;
  readonly key: string;
  readonly sha256: string;
  readonly _real_key: string;
  readonly branch_id: number;
  readonly is_latest: number;
  readonly _hash_type: string;
}

/** The program on a temporary instance beside the model. */
export class Twin {
  readonly model = new Model();
  /** Families of the model by the stems of uids. */
  readonly #families = new Map<string, number>();
  /** Uids of operations, in the order of the model's log. */
  readonly #operations: string[] = [];

  constructor(private readonly root: string, private readonly home: string) {}

  #run(...words: readonly string[]) {
    return say({ folder: this.root, home: this.home }, ...words);
  }

  async #json(...words: readonly string[]) {
    const { code, stdout, stderr } = await this.#run(...words, "--json");
    assert.equal(code, 0, stderr);
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  async start(): Promise<void> {
    assert.equal((await this.#run("init")).code, 0);
  }

  async take(step: Step): Promise<void> {
    const { words, expect } = this.#plan(step);
    if (words === undefined) return;
    const logged = this.model.log.length;
    const refused = attempt(expect);
    const { code, stderr } = await this.#run(...words);
    const shown = `lamin ${words.join(" ")}: ${code} ${stderr}`;
    assert.equal(code !== 0, refused !== undefined, `${shown}; the model: ${refused ?? "done"}`);
    assert.ok(!stderr.includes("should not happen"), shown);
    this.check(shown, this.model.log.length - logged);
    this.#checkFiles(shown);
  }

  /** What a step is in words of the program, and what it does to the model. */
  #plan(step: Step): { words?: string[]; expect: () => void } {
    const { model } = this;
    switch (step.kind) {
      case "add":
        this.#write(step.path, step.content);
        return {
          words: ["add", step.path],
          expect: () => model.add(step.path, step.content),
        };
      case "remove": {
        const key = pick(step.path, model.heads);
        return { words: ["rm", key], expect: () => model.remove(key) };
      }
      case "move": {
        const key = pick(step.path, model.heads);
        return { words: ["mv", key, step.to], expect: () => model.move(key, step.to) };
      }
      case "restore": {
        const key = pick(step.path, model.state.filter((one) => one.inTrash));
        return { words: ["restore", key], expect: () => model.restore(key) };
      }
      case "purge":
        return {
          words: ["rm", "--permanent", "--force", step.path],
          expect: () => model.purge(step.path),
        };
      case "remove version": {
        if (model.state.length === 0) return { expect: () => {} };
        const version = model.state[step.which % model.state.length]!;
        return {
          words: ["rm", this.#uidOf(version)],
          expect: () => model.removeVersion(version),
        };
      }
      case "undo":
        return { words: ["undo"], expect: () => model.undo(model.last) };
      case "redo": {
        const last = model.log.at(-1);
        if (last?.kind !== "undo") return { expect: () => {} };
        return { words: ["undo", this.#operations.at(-1)!], expect: () => model.undo(last) };
      }
      case "collect":
        return { words: ["gc", "--apply", "--grace", "0"], expect: () => model.collect() };
    }
  }

  #write(path: string, content: string): void {
    this.model.files.set(path, content);
    const file = `${this.root}/${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(file, content);
  }

  #uidOf({ family, sequence }: Version): string {
    const [stem] = [...this.#families].find(([, number]) => number === family)!;
    return stem + String(sequence).padStart(4, "0");
  }

  /** Compares the database with the model, and every stored content with what it should be. */
  check(shown: string, newOperations: number): void {
    withRaw(this.root, (database) => {
      const rows = rowsOf(database);
      this.#checkRows(rows, shown);
      this.#checkHeads(rows, shown);
      this.#checkOperations(database, shown, newOperations);
    });
  }

  #checkRows(rows: readonly Row[], shown: string): void {
    const known = new Set(this.#families.values());
    for (const { uid } of rows) {
      const stem = uid.slice(0, -4);
      const fresh = this.model.state.find(({ family }) => !known.has(family));
      if (!this.#families.has(stem) && fresh) this.#families.set(stem, fresh.family);
    }
    const actual = rows.map((row) => ({
      family: this.#families.get(row.uid.slice(0, -4)),
      sequence: parseInt(row.uid.slice(-4), 36),
      key: row.key,
      sha256: row.sha256,
      standIn: row._hash_type === "sha256",
      inTrash: row.branch_id === -1,
      isLatest: row.is_latest === 1,
    }));
    const expected = this.model.state.map(({ content, made: _, ...version }) => ({
      ...version,
      sha256: sha256Of(content),
    }));
    const order = (one: { family: number | undefined; sequence: number }) =>
      one.family! * 1000 + one.sequence;
    const sorted = <T extends Parameters<typeof order>[0]>(list: T[]) =>
      list.sort((a, b) => order(a) - order(b)).map((one) =>
        Object.fromEntries(
          Object.entries(one).sort(([a], [b]) => a < b ? -1 : 1),
        )
      );
    assert.deepEqual(sorted(actual), sorted(expected), shown);
    assert.equal(new Set(rows.map(({ uid }) => uid)).size, rows.length, "uids are unique");
    for (const row of rows) {
      const stored = Deno.readTextFileSync(`${storageOf(this.root)}/${row._real_key}`);
      assert.equal(sha256Of(stored), row.sha256, `${shown}: bytes of ${row.uid}`);
    }
  }

  #checkFiles(shown: string): void {
    for (const path of [...paths, "moved/d.csv"]) {
      const file = `${this.root}/${path}`;
      const content = existsSync(file) ? Deno.readTextFileSync(file) : undefined;
      assert.equal(content, this.model.files.get(path), `${shown}: the file ${path}`);
    }
  }

  #checkHeads(rows: readonly Row[], shown: string): void {
    const live = rows.filter(({ branch_id }) => branch_id === 1);
    for (const family of Map.groupBy(live, ({ uid }) => uid.slice(0, -4)).values()) {
      assert.equal(family.filter((row) => row.is_latest).length, 1, `${shown}: one latest version`);
    }
    const heads = live.filter((row) => row.is_latest).map(({ key }) => key);
    assert.equal(new Set(heads).size, heads.length, `${shown}: a key means one artifact`);
  }

  #checkOperations(database: RawDatabase, shown: string, fresh: number): void {
    const uids = database.all("SELECT uid FROM lamin_operation ORDER BY id")
      .map((row) => row["uid"] as string);
    this.#operations.push(...uids.slice(this.#operations.length));
    assert.deepEqual(this.#operations, uids, `${shown}: the log only grows`);
    assert.equal(uids.length, this.model.log.length, `${shown}: ${fresh} operations more`);
  }

  /** Undoes any one operation, if it may be undone, and does it again: all must be as before. */
  async undoAny(which: number): Promise<void> {
    if (this.#operations.length === 0) return;
    const rows = this.#rows();
    const uid = this.#operations[which % this.#operations.length]!;
    const { code, stderr } = await this.#run("undo", uid);
    assert.ok(!stderr.includes("should not happen"), stderr);
    if (code !== 0) return assert.deepEqual(this.#rows(), rows, `refused: ${stderr}`);
    this.#checkHeads(this.#rows(), `undo ${uid}`);
    const [last] = await this.#json("op", "log", "-n", "1");
    const again = await this.#run("undo", last.uid);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(this.#rows(), rows, `undo ${uid} and again`);
  }

  #rows(): readonly Row[] {
    return withRaw(this.root, rowsOf);
  }

  /** Compares what the program says to people with the model. */
  async checkWords(): Promise<void> {
    const heads = this.model.heads;
    const listed = await this.#json("list", "artifact", "--limit", "0");
    assert.deepEqual(listed.map(({ key }) => key).sort(), heads.map(({ key }) => key).sort());
    const expected = [...this.model.files].flatMap(([path, content]) => {
      const head = heads.find(({ key }) => key === path);
      if (head?.content === content) return [];
      return [{ path, status: head === undefined ? "new" : "modified" }];
    });
    // What status makes of keys without a file is a matter of its own.
    if (heads.every(({ key }) => this.model.files.has(key))) {
      const told = await this.#json("status");
      const byPath = (list: { path: string; status: string }[]) =>
        list.map(({ path, status }) => `${path} ${status}`).sort();
      assert.deepEqual(byPath(told), byPath(expected));
    }
    for (const { key, content } of heads) {
      assert.equal((await this.#run("cat", key)).stdout, content);
    }
    const logged = await this.#json("op", "log", "-n", "0");
    assert.deepEqual(
      logged.map((one) => one.undone_by !== null).reverse(),
      this.model.log.map((one) => this.model.isUndone(one)),
    );
    const fsck = await this.#run("fsck", "--deep");
    assert.equal(fsck.code, 0, fsck.stdout + fsck.stderr);
  }
}

/** A key among those of the versions, so that most commands have something to do. */
function pick(path: string, among: readonly Version[]): string {
  const keys = [...new Set(among.map(({ key }) => key))];
  return keys[paths.indexOf(path as typeof paths[number]) % keys.length] ?? path;
}

function rowsOf(database: RawDatabase): readonly Row[] {
  return database.all(
    `SELECT a.*, c.sha256 FROM lamindb_artifact AS a
     JOIN lamin_content AS c ON c.artifact_id = a.id ORDER BY a.id`,
  ) as unknown as Row[];
}

/** What the model refuses, if it does. */
function attempt(work: () => void): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
