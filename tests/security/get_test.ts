import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { type Atlas, withAtlas } from "../cli/atlas.ts";
import { withRaw } from "../raw_database.ts";
import { onPostgres } from "../test_database.ts";

/** Keys that would leave the work tree, or write what runs or decides something. */
const allHostileKeys = [
  "../escaped.csv",
  "../../escaped.csv",
  "raw/../../escaped.csv",
  "./escaped.csv",
  "raw//escaped.csv",
  "/escaped.csv",
  "C:/escaped.csv",
  "C:escaped.csv",
  "raw\\..\\..\\escaped.csv",
  ".git/hooks/post-checkout.csv",
  ".GIT/hooks/post-checkout.csv",
  ".git./config.csv",
  "GIT~1/config.csv",
  ".g\u200cit/config.csv",
  "sub/.git/config.csv",
  ".lamindb/lamin.csv",
  ".lamin/current_branch.csv",
  ".hg/hgrc.csv",
  "con.csv",
  "raw/aux.csv",
  "raw/nul.tar.csv",
  "stream.csv:hidden",
  "trailing.csv.",
  "trailing.csv ",
  "nul\0byte.csv", // SQLite's driver gives what comes before: the name of a device
  "line\nbreak.csv",
  "escape\u001b]0;owned\u0007.csv",
  "linked/through.csv",
  "linked/deeper/through.csv",
  "toplevel.csv/below.csv",
  `${"long/".repeat(300)}x.csv`,
  `${"x".repeat(300)}.csv`,
] as const;

const hostileKeys = possible(allHostileKeys);

/**
 * Inserts an artifact with the bytes of another one under any key, as a stranger's database may.
 */
function plant({ root }: Atlas, from: string, keys: readonly string[]): void {
  withRaw(root, (database) => {
    for (const [index, key] of keys.entries()) {
      const uid = `hostile${String(index).padStart(9, "0")}0000`;
      database.run(
        `CREATE TABLE copy AS SELECT * FROM lamindb_artifact WHERE key = '${from}';
         UPDATE copy SET id = (SELECT MAX(id) + 1 FROM lamindb_artifact), uid = '${uid}',
           key = ${textOf(key)};
         INSERT INTO lamindb_artifact SELECT * FROM copy;
         DROP TABLE copy`,
      );
    }
  });
}

/** An expression of SQL for any text, also one that the shell of a test could not pass. */
function textOf(text: string): string {
  const hex = new TextEncoder().encode(text).toHex();
  return onPostgres ? `convert_from('\\x${hex}', 'UTF8')` : `CAST(X'${hex}' AS TEXT)`;
}

/** Those that the engine can hold. */
function possible(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !onPostgres || !text.includes("\0") && text.length <= 1024);
}

/** All below a folder: content of files, targets of links. */
function everything(folder: string, found: Record<string, string> = {}, prefix = "") {
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isSymlink) found[prefix + name] = `→ ${Deno.readLinkSync(path)}`;
    else if (isDirectory) everything(path, found, `${prefix}${name}/`);
    else found[prefix + name] = new TextDecoder("latin1").decode(Deno.readFileSync(path));
  }
  return found;
}

/** Everything near a work tree but the instance's own files and what was written rightly. */
function surroundings({ root }: Atlas, allowed: readonly string[]): Record<string, string> {
  const all = everything(root.slice(0, root.lastIndexOf("/")));
  const isOwn = (path: string) =>
    /^(home|atlas\/\.lamindb)\/|^atlas\/\.lamin\/work_index\.db/.test(path);
  return Object.fromEntries(
    Object.entries(all).filter(([path]) => !isOwn(path) && !allowed.includes(path)),
  );
}

Deno.test("security: hostile keys write nothing outside, nothing that runs, and stop nobody", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, run, path, remove } = atlas;
    write("good.csv", "good\n");
    write("toplevel.csv", "a file\n");
    await lamin("add", ".");
    plant(atlas, "good.csv", hostileKeys);
    write("../target/here.txt", "outside\n");
    write(".git/config", "[core]\n");
    Deno.symlinkSync("../target", path("linked"));
    const before = surroundings(atlas, []);
    for (const words of [["get", "."], ["get", ".", "--force"]]) {
      remove("good.csv");
      const { code, stdout, stderr } = await run(...words);
      assert.equal(code, exitCode.denied);
      assert.deepEqual(surroundings(atlas, []), before);
      assert.match(stdout, /fetched +good\.csv/, "the others are fetched");
      const refusals = stderr.split("\n").filter((line) => line.includes("not fetched: "));
      assert.equal(refusals.length, hostileKeys.length, stderr);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(stdout + stderr, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    }
    for (let index = 0; index < hostileKeys.length; index++) {
      const uid = `hostile${String(index).padStart(9, "0")}0000`;
      const { code } = await run("get", uid, "--force");
      assert.equal(code, exitCode.denied, hostileKeys[index]);
    }
    assert.deepEqual(surroundings(atlas, []), before);
  });
});

Deno.test("security: below --to only the last part of a hostile key counts, and it is checked", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, run, exists } = atlas;
    write("good.csv", "good\n");
    await lamin("add", ".");
    const keys = ["../../escaped.csv", "x/..", "x/.git", "..", "x/con.csv"];
    plant(atlas, "good.csv", keys);
    const before = surroundings(atlas, ["atlas/out/escaped.csv"]);
    const codes: number[] = [];
    for (let index = 0; index < keys.length; index++) {
      const uid = `hostile${String(index).padStart(9, "0")}0000`;
      codes.push((await run("get", uid, "--to", "out/")).code);
    }
    assert.deepEqual(codes, [0, ...keys.slice(1).map(() => exitCode.denied)]);
    assert.ok(exists("out/escaped.csv"));
    assert.equal((await run("get", ".", "--to", "all/")).code, exitCode.denied);
    const after = surroundings(atlas, ["atlas/out/escaped.csv", "atlas/all/good.csv"]);
    assert.deepEqual(after, before);
  });
});

Deno.test("security: hostile paths in manifests, real keys and sources lead nowhere", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, run, root } = atlas;
    const change = (sql: string) => withRaw(root, (database) => database.run(sql));
    write("x.zarr/0", "zero");
    write("x.zarr/1", "one");
    write("a.csv", "a\n");
    write("../secret.csv", "a\n");
    await lamin("add", ".");
    const before = surroundings(atlas, []);
    for (const member of ["../../escaped", "/escaped", ".git/hooks/x", "0/below", "a\u001b[2J"]) {
      change(
        `UPDATE lamin_manifestfile SET path = ${
          textOf(member)
        } WHERE sha256 = (SELECT max(sha256) FROM lamin_manifestfile)`,
      );
      const { code, stderr } = await run("get", "x.zarr", "--to", "copy.zarr", "--force");
      // Where a file stands in the place of a folder, the stored bytes are not found.
      assert.equal(code, member === "0/below" ? exitCode.damaged : exitCode.denied, member);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(stderr, /\x1b/);
      const copied = ["atlas/copy.zarr/0", "atlas/copy.zarr/1"];
      assert.deepEqual(surroundings(atlas, copied), before, member);
      assert.notEqual((await run("cat", `x.zarr/${member}`)).code, 0, member);
    }
    for (
      const place of possible(["../secret.csv", "/etc/hostname", "raw/../../secret.csv", "a\0b"])
    ) {
      change(`UPDATE lamindb_artifact SET _real_key = ${textOf(place)} WHERE key = 'a.csv'`);
      for (const words of [["cat", "a.csv"], ["get", "a.csv", "--to", "stolen.csv"]]) {
        const { code, stdout } = await run(...words);
        assert.notEqual(code, 0, `${words} ${place}`);
        assert.equal(stdout, "");
      }
    }
    assert.ok(!atlas.exists("stolen.csv"));
    change(insertTransform("../escaped.py"));
    assert.equal((await run("get", "transform", "../escaped.py")).code, exitCode.denied);
    change("UPDATE lamindb_transform SET key = '.git/hooks/pre-commit'");
    assert.equal((await run("get", "transform", ".git/hooks/pre-commit")).code, exitCode.denied);
    const copied = ["atlas/copy.zarr/0", "atlas/copy.zarr/1"];
    assert.deepEqual(surroundings(atlas, copied), before);
  });
});

function insertTransform(key: string): string {
  return `INSERT INTO lamindb_transform
      (uid, key, kind, source_code, is_latest, is_locked, branch_id, created_on_id, space_id,
       created_by_id, created_at, updated_at)
    VALUES ('hostile000000000', '${key}', 'script', 'print()', TRUE, FALSE, 1, 1, 1, 1,
      '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')`;
}

Deno.test("security: a folder that becomes a link while a command runs is not followed", async () => {
  await withAtlas(async (atlas) => {
    const { write, lamin, run, path, remove } = atlas;
    write("raw/a.csv", "a\n");
    write("x.zarr/in/0", "zero");
    await lamin("add", ".");
    for (const folder of ["raw", "x.zarr"]) remove(folder);
    Deno.mkdirSync(path("../target/in"), { recursive: true });
    write("../target/keep.txt", "outside\n");
    Deno.mkdirSync(path("x.zarr"));
    Deno.symlinkSync("../target", path("raw"));
    Deno.symlinkSync("../../target/in", path("x.zarr/in"));
    const before = surroundings(atlas, []);
    const { code, stderr } = await run("get", ".", "--force");
    assert.equal(code, exitCode.denied);
    assert.equal(stderr.match(/is a symbolic link; nothing is written through it/g)?.length, 2);
    assert.equal((await run("mv", "raw/a.csv", "raw/b.csv")).code, exitCode.denied);
    assert.deepEqual(surroundings(atlas, []), before);
  });
});
