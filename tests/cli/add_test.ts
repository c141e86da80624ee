import assert from "node:assert/strict";
import { fileFacts, fixturePath } from "../core/python_corpus.ts";
import { withInstance, withPythonInstance, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlyLocal, onS3, storageOf } from "../test_database.ts";

function keysAndStatus(added: readonly { key: string; status: string }[]) {
  return Object.fromEntries(added.map(({ key, status }) => [key, status]));
}

Deno.test("add: what Python computes of real files is what is recorded", async () => {
  await withInstance(async ({ json, run, root }) => {
    const files = Object.entries(fileFacts.files);
    const folders = files.filter(([, facts]) => facts.n_files !== null).map(([path]) => path);
    const copy = new Deno.Command("cp", { args: ["-r", fixturePath("."), `${root}/files`] });
    assert.equal((await copy.output()).code, 0);
    Deno.removeSync(`${root}/files/manifest.json`);
    const added = await json("add", "files");
    for (const folder of folders.filter((path) => !path.endsWith(".zarr"))) {
      await run(["add", "--as", "folder", `files/${folder}`]);
    }
    const rows = new Map(
      (await json("list", "artifact", "--limit", "0")).map((row) => [row.key, row]),
    );
    assert.ok(added.length > 50);
    for (const [path, facts] of files) {
      const row = rows.get(`files/${path}`);
      assert.ok(row, path);
      const { hash, _hash_type: hash_type, suffix, otype, size, n_files } = row;
      const { sha256: _, ...expected } = facts;
      assert.deepEqual({ hash, hash_type, suffix, otype, size, n_files }, expected, path);
    }
  });
});

Deno.test("add: the same again changes nothing, other content is a new version", async () => {
  await withInstance(async ({ json, write }) => {
    write("data/a.csv", "x\n1\n");
    write("data/b.csv", "x\n1\n");
    write("empty.txt", "");
    write("also empty.txt", "");
    const first = await json("add", ".");
    assert.equal(first.length, 4);
    assert.ok(first.every(({ status }) => status === "added"));
    const [a, b] = ["data/a.csv", "data/b.csv"].map((key) => first.find((row) => row.key === key));
    assert.equal(a._real_key, b._real_key, "one object for the same content");
    assert.notEqual(a.uid, b.uid);
    assert.ok((await json("add", ".")).every(({ status }) => status === "unchanged"));
    write("data/a.csv", "x\n2\n");
    const [second] = await json("add", "data/a.csv");
    assert.equal(second.status, "new version");
    assert.equal(second.uid, a.uid.slice(0, 16) + "0001");
    write("data/a.csv", "x\n1\n");
    const [third] = await json("add", "data/a.csv");
    assert.deepEqual([third.status, third.uid, third.is_latest], ["returned", a.uid, true]);
    write("data/a.csv", "x\n3\n");
    const [fourth] = await json("add", "data/a.csv");
    assert.equal(fourth.uid, a.uid.slice(0, 16) + "0002");
  });
});

Deno.test("add: ways to say what to add and how to call it", async (test) => {
  await withInstance(async (workspace) => {
    await test.step("standard input needs a key", () => pipes(workspace));
    await test.step("lists of paths", () => lists(workspace));
    await test.step("patterns, prefixes and outside paths", () => names(workspace));
    await test.step("annotations and --revises", () => annotations(workspace));
    await test.step("--dry-run writes nothing", () => dryRun(workspace));
    await test.step("what cannot be added is named, the rest is added", () => refusals(workspace));
  });
});

async function pipes({ run, json }: Workspace) {
  assert.equal((await run(["add", "-"], { input: "x" })).code, 2);
  const added = await run(["add", "-", "--key", "qc/head.fastq", "--json"], {
    input: "@r1\nACGT\n",
  });
  const row = JSON.parse(added.stdout);
  assert.deepEqual([row.key, row.size, row.suffix], ["qc/head.fastq", 9, ".fastq"]);
  const nothing = await run(["add", "-", "--key", "qc/none.txt", "--json"], { input: "" });
  assert.equal(JSON.parse(nothing.stdout).size, 0);
  for (const flag of ["--no-copy", "--link"]) {
    const refused = await run(["add", "-", "--key", "qc/lost.txt", flag], { input: "x" });
    assert.equal(refused.code, 2, `${flag} has no file to leave the bytes in`);
    assert.match(refused.stderr, new RegExp(`${flag} needs a file`));
  }
  assert.equal((await json("list", "artifact", "key__startswith=qc/")).length, 2);
}

async function lists({ run, write }: Workspace) {
  write("list/one two.txt", "1");
  write("list/line\nbreak.txt", "2");
  write("list/three.txt", "3");
  const zero = ["list/one two.txt", "list/three.txt", ""].join("\0");
  const added = await run(["add", "-z", "--stdin", "--json"], { input: zero });
  assert.deepEqual(keysAndStatus(added.stdout.trim().split("\n").map((l) => JSON.parse(l))), {
    "list/one two.txt": "added",
    "list/three.txt": "added",
  });
  const lines = await run(["add", "--stdin", "--json"], { input: "list/three.txt\r\n\n" });
  assert.equal(JSON.parse(lines.stdout).status, "unchanged");
  const names = "list/line\nbreak.txt\0list/one two.txt\0";
  const control = await run(["add", "-z", "--stdin", "--json"], { input: names });
  assert.equal(control.code, 1, "a line break cannot stand in a key");
  assert.match(control.stderr, /not added: .*line\\x0abreak\.txt/);
  assert.equal(JSON.parse(control.stdout).key, "list/one two.txt", "the others are added");
}

async function names({ run, json, write, root }: Workspace) {
  write("pattern/a.csv", "1");
  write("pattern/b.csv", "2");
  write("pattern/c.txt", "3");
  assert.equal((await json("add", "pattern/*.csv")).length, 2);
  const [prefixed] = await json("add", "pattern/c.txt", "--key-prefix", "lab7");
  assert.equal(prefixed.key, "lab7/pattern/c.txt");
  const outside = `${root}/../outside.csv`;
  Deno.writeTextFileSync(outside, "o\n");
  assert.equal((await run(["add", outside])).code, 2);
  assert.equal((await json("add", outside, "--key", "in/o.csv"))[0].key, "in/o.csv");
  const [keyless] = await json("add", outside, "--description", "no key");
  assert.equal(keyless.key, null);
  const both = `${root}/../twin.csv`;
  Deno.copyFileSync(outside, both);
  const twice = await json("add", outside, both, outside, "--description", "no key");
  assert.deepEqual(twice.map(({ status, uid }) => [status, uid]), [["unchanged", keyless.uid]]);
  assert.equal(
    (await json("add", "pattern", "pattern/a.csv", "pattern/*")).every((row) => row.key),
    true,
  );
  assert.equal((await run(["add", outside, "--key", "in/o.txt"])).code, 1, "suffixes must agree");
}

async function annotations({ json, run, write }: Workspace) {
  write("model.pkl", "1");
  const [first] = await json(
    ...["add", "model.pkl", "--kind", "model", "-m", "a model", "--version-tag", "1.0"],
  );
  assert.deepEqual(
    [first.kind, first.description, first.version_tag],
    ["model", "a model", "1.0"],
  );
  write("renamed.pkl", "2");
  const [second] = await json("add", "renamed.pkl", "--key", "model.pkl", "--revises", "model.pkl");
  assert.deepEqual(
    [second.status, second.uid.slice(0, 16), second.description],
    ["new version", first.uid.slice(0, 16), "a model"],
  );
  write("third.pkl", "3");
  const third = ["add", "third.pkl", "--key", "model.pkl", "--version-tag"];
  const taken = await run([...third, "1.0"]);
  assert.deepEqual([taken.code, taken.stdout], [1, ""]);
  assert.match(taken.stderr, new RegExp(`version tag '1.0' belongs to ${first.uid}`));
  assert.equal((await json(...third, "2.0"))[0].version_tag, "2.0");
  assert.equal((await json(...third, "2.0"))[0].status, "unchanged", "its own tag is free to it");
}

async function dryRun({ json, write, lamin }: Workspace) {
  write("dry/run.csv", "1");
  const operations = await lamin("op", "log", "--json", "-n", "1000");
  const [planned] = await json("add", "dry", "--dry-run");
  assert.deepEqual([planned.status, planned.key], ["added", "dry/run.csv"]);
  assert.equal(await lamin("op", "log", "--json", "-n", "1000"), operations);
  assert.equal((await json("list", "artifact", "key=dry/run.csv")).length, 0);
}

async function refusals({ run, write, path }: Workspace) {
  write("mixed/good.csv", "1");
  write("mixed/.laminignore", "*.tmp\n");
  write("mixed/skip.tmp", "1");
  Deno.symlinkSync("good.csv", path("mixed/link.csv"));
  Deno.mkdirSync(path("mixed/more"));
  const pipes = ["mixed/pipe.csv", "mixed/more/.laminignore"].map(path);
  await new Deno.Command("mkfifo", { args: pipes }).output();
  const { code, stdout, stderr } = await run(["add", "mixed", "mixed/nothing.csv", "--json"]);
  assert.equal(code, 1);
  const keys = stdout.trim().split("\n").map((line) => JSON.parse(line).key);
  assert.deepEqual(keys.sort(), ["mixed/.laminignore", "mixed/good.csv"]);
  assert.match(stderr, /mixed\/nothing\.csv: it does not exist/);
  assert.match(stderr, /1 symbolic link/);
  assert.match(
    stderr,
    /2 devices, sockets or pipes/,
    "a pipe is not waited for, whatever its name",
  );
  assert.equal((await run(["add", "mixed/pipe.csv"])).code, 1, "a pipe by name is refused");
  assert.equal((await run(["add", ".lamindb"])).code, 1);
}

Deno.test("add: two contents that LaminDB's hash cannot tell apart stay two", async () => {
  await withInstance(async ({ json, write, root, run }) => {
    const big = new Uint8Array(120 * 1024 * 1024);
    big[60 * 1024 * 1024] = 1;
    write("big.bin", big);
    const [first] = await json("add", "big.bin");
    big[60 * 1024 * 1024] = 2;
    write("big.bin", big);
    const [second] = await json("add", "big.bin");
    assert.equal(second.status, "new version");
    assert.deepEqual([first._hash_type, second._hash_type], ["sha1-fl", "sha256"]);
    assert.notEqual(first._real_key, second._real_key);
    write("swap/a.zarr/x", "1");
    write("swap/a.zarr/y", "2");
    const [before] = await json("add", "swap");
    write("swap/a.zarr/x", "2");
    write("swap/a.zarr/y", "1");
    const [after] = await json("add", "swap");
    assert.equal(after.status, "new version");
    assert.notEqual(before.hash, after.hash);
    for (const [uid, byte] of [[first.uid, 1], [second.uid, 2]]) {
      const { bytes } = await run(["cat", uid]);
      assert.equal(bytes[60 * 1024 * 1024], byte);
      assert.equal(bytes.length, big.length);
    }
    assert.equal((await run(["cat", before.uid, "--path", "x"])).stdout, "1");
    assert.equal((await run(["cat", after.uid, "--path", "x"])).stdout, "2");
    assert.ok(Deno.statSync(`${root}/big.bin`).size === big.length);
  });
});

Deno.test("add: a folder that is one artifact, every version immutable", async () => {
  await withInstance(async ({ json, write, root, run }) => {
    write("image.zarr/.zgroup", '{"zarr_format": 2}');
    write("image.zarr/0/0", "chunk");
    write("image.zarr/0/1", "chunk two");
    const [first] = await json("add", ".");
    assert.deepEqual([first.key, first.n_files], ["image.zarr", 3]);
    write("image.zarr/0/1", "chunk three");
    const [second] = await json("add", "image.zarr");
    assert.equal(second.status, "new version");
    assert.equal((await run(["cat", first.uid, "--path", "0/1"])).stdout, "chunk two");
    const unchanged = [first, second].map((row) =>
      Deno.statSync(`${storageOf(root)}/${row._real_key}/0/0`).ino
    );
    // A server keeps a copy under each name.
    assert.equal(unchanged[0] === unchanged[1], !onS3, "what did not change is stored once");
    const files = await json("add", "image.zarr", "--as", "files", "--key-prefix", "apart");
    assert.equal(files.length, 3);
    write("tiles/a.txt", "a");
    const [folder] = await json("add", "tiles", "--as", "folder");
    assert.deepEqual([folder.key, folder.n_files, folder._overwrite_versions], ["tiles", 1, false]);
    for (const words of [["."], ["tiles"]]) {
      const again = (await json("add", ...words)).filter(({ key }) => key.startsWith("tiles"));
      assert.deepEqual(keysAndStatus(again), { tiles: "unchanged" }, "it stays one");
    }
  });
});

test("add: --no-copy registers in place, --link makes no copy", onlyLocal, async () => {
  await withInstance(async ({ json, write, path, root, run }) => {
    write("place/a.csv", "x\n");
    const [placed] = await json("add", "place/a.csv", "--no-copy");
    assert.deepEqual([placed._key_is_virtual, placed._real_key], [false, null]);
    const [other] = await json("add", "place/a.csv", "--no-copy", "--key", "other.csv");
    assert.deepEqual([other._key_is_virtual, other._real_key], [true, "place/a.csv"]);
    write("linked.bin", "bytes");
    const [linked] = await json("add", "linked.bin", "--link");
    assert.equal(
      Deno.statSync(`${root}/${linked._real_key}`).ino,
      Deno.statSync(path("linked.bin")).ino,
    );
    assert.equal(Deno.statSync(path("linked.bin")).mode! & 0o200, 0o200, "the file stays writable");
    assert.equal((await run(["add", "/etc/hostname", "--no-copy", "--key", "h"])).code, 2);
  });
});

Deno.test("add: what Python stored already is not stored again", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ json, lamin, root }) => {
    await lamin("get", "raw/counts.csv", "imaging");
    const added = await json("add", "raw/counts.csv", "imaging");
    assert.deepEqual(new Set(added.map(({ status }) => status)), new Set(["unchanged"]));
    assert.deepEqual((await json("fsck")).map(({ kind }) => kind), []);
    const objects = [...Deno.readDirSync(`${root}/.lamindb/objects`)].map(({ name }) => name);
    assert.deepEqual(objects.filter((name) => name !== "staging"), []);
  });
});
