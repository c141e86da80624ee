import assert from "node:assert/strict";
import { exitCode } from "../../cli/exit.ts";
import { atlasAt, withAtlas } from "./atlas.ts";
import { say } from "./in_process.ts";
import { withPythonInstance } from "../lamin.ts";
import { makeWritable } from "../core/fsck/damage.ts";
import { stored } from "../days.ts";

Deno.test("cat: bytes of any version by any reference", async () => {
  await withAtlas(async ({ write, run, json, root, home }) => {
    write("a.csv", "first\n");
    const [first] = await json("add", "a.csv");
    write("a.csv", "second\n");
    const [second] = await json("add", "a.csv");
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => index * 7 % 256);
    write("b.bin", bytes);
    write("empty.txt", "");
    await json("add", "b.bin", "empty.txt");
    for (
      const [reference, content] of [
        ["a.csv", "second\n"],
        ["a.csv@0", "first\n"],
        [first.uid, "first\n"],
        [second.uid.slice(0, 8), "second\n"],
        ["empty.txt", ""],
      ]
    ) {
      assert.deepEqual(await run("cat", reference!), { code: 0, stdout: content!, stderr: "" });
    }
    assert.equal((await run("cat", "a.csv@0", "a.csv")).stdout, "first\nsecond\n");
    const pieces: Uint8Array[] = [];
    const writeOutput = (piece: Uint8Array) => void pieces.push(piece.slice());
    await say({ folder: root, home, writeOutput }, "cat", "b.bin");
    assert.ok(new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer()).every(
      (byte, index) => byte === bytes[index],
    ));
    const missing = await run("cat", "a.csv", "nothing.csv");
    assert.deepEqual(
      [missing.code, missing.stdout],
      [1, ""],
      "nothing is printed before all is found",
    );
    assert.equal((await run("cat")).code, exitCode.usage);
    const [text, binary] = await json("cat", "a.csv", "b.bin");
    assert.deepEqual([text.key, text.content, text.encoding, text.size], [
      "a.csv",
      "second\n",
      "utf-8",
      7,
    ]);
    assert.deepEqual(Uint8Array.fromBase64(binary.content), bytes);
  });
});

Deno.test("cat: files in folder artifacts", async () => {
  await withAtlas(async ({ write, run, lamin, json }) => {
    write("run7/meta.json", "{}");
    write("run7/well/a.txt", "one");
    await lamin("add", "--as", "folder", "run7");
    write("run7/well/a.txt", "two");
    await lamin("add", "--as", "folder", "run7");
    assert.equal(await lamin("cat", "run7/well/a.txt"), "two");
    assert.equal(await lamin("cat", "run7@0/well/a.txt"), "one");
    assert.equal(await lamin("cat", "run7", "--path", "well/a.txt"), "two");
    const folder = await run("cat", "run7");
    assert.equal(folder.code, exitCode.usage);
    assert.match(folder.stderr, /meta\.json, well\/a\.txt/);
    const [error] = await run("cat", "run7", "--json").then(({ stderr }) => [JSON.parse(stderr)]);
    assert.deepEqual(error.files, ["meta.json", "well/a.txt"]);
    const near = await run("cat", "run7/well/b.txt");
    assert.deepEqual([near.code, /well\/a\.txt/.test(near.stderr)], [1, true]);
    assert.equal((await run("cat", "run7", "run7", "--path", "x")).code, exitCode.usage);
    assert.equal((await json("cat", "run7/meta.json"))[0].path, "meta.json");
  });
});

Deno.test("cat: damaged bytes are never printed to their end", async () => {
  await withAtlas(async (atlas) => {
    const { write, run, json } = atlas;
    write("a.csv", "right\n");
    write("run7/a.txt", "right");
    const [{ _real_key: object }] = await json("add", "a.csv");
    const [{ _real_key: folder }] = await json("add", "--as", "folder", "run7");
    for (const name of [object, `${folder}/a.txt`]) {
      makeWritable(stored(atlas, name));
      const { size } = Deno.statSync(stored(atlas, name));
      Deno.writeTextFileSync(stored(atlas, name), "wrong\n".slice(0, size));
    }
    for (const reference of ["a.csv", "run7/a.txt"]) {
      const { code, stdout, stderr } = await run("cat", reference);
      assert.deepEqual([code, stdout], [exitCode.damaged, ""], reference);
      assert.match(stderr, /damaged|do not fit the server's checksum/);
    }
    Deno.writeTextFileSync(stored(atlas, object), "longer than it was\n");
    assert.equal((await run("cat", "a.csv")).code, exitCode.damaged);
    Deno.removeSync(stored(atlas, object));
    assert.equal((await run("cat", "a.csv")).code, exitCode.damaged);
  });
});

Deno.test("cat: what Python wrote is checked by LaminDB's hashes", async () => {
  await withPythonInstance("lamindb-2.12.1", async ({ root, home }) => {
    const { run, lamin, write } = atlasAt(root, home);
    assert.equal(
      await lamin("cat", "raw/counts.csv@0"),
      await lamin("cat", "IYEmV6wjzV68CSds0000"),
    );
    assert.equal(await lamin("cat", "notes/notes.txt"), await lamin("cat", "notes/notes.txt@2"));
    const member = ["cat", "imaging/run 1/meta.json"] as const;
    assert.ok((await lamin(...member)).length > 0);
    write(".lamindb/aN7WSl6063Uggbk1/empty.log", "not empty");
    const damaged = await run(...member);
    assert.deepEqual([damaged.code, damaged.stdout], [exitCode.damaged, ""]);
    write(".lamindb/m6p86nF0KXkNbn9M0000.yaml", "x".repeat(15));
    assert.equal((await run("cat", "models/clf.yaml")).code, exitCode.damaged);
  });
});
