import assert from "node:assert/strict";
import { nodeHost } from "../../../store/host/node.ts";
import { currentHost } from "../../../store/host/select.ts";
import type { Host } from "../../../store/host/host.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { blobSuite } from "../../conformance/blob_suite.ts";
import { test } from "../../skip.ts";
import { bytes, namesBelow, put, stage, textOf } from "../../conformance/blob/store_driver.ts";

const host = await currentHost();

function subjectOf(host: Host) {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const root = `${folder}/not there yet`;
  return {
    store: new DiskBlobStore(host, root),
    other: new DiskBlobStore(host, root),
    file: (name: string, content: Uint8Array) => {
      Deno.writeFileSync(`${folder}/${name}`, content);
      return `${folder}/${name}`;
    },
    end: () => Deno.removeSync(folder, { recursive: true }),
  };
}

blobSuite("disk", () => subjectOf(host));
blobSuite("disk by node:fs", () => subjectOf(nodeHost()));

async function withStore(
  work: (subject: ReturnType<typeof subjectOf>) => Promise<void>,
): Promise<void> {
  const subject = subjectOf(host);
  try {
    await work(subject);
  } finally {
    subject.end();
  }
}

/** Permission bits of a blob. */
function modeOf(store: DiskBlobStore, name: string): number {
  return Deno.statSync(store.locate(name)).mode! & 0o777;
}

Deno.test("disk store: blobs are read-only, for whom the umask lets read", async () => {
  await withStore(async ({ store, file }) => {
    const source = file("source", bytes("3"));
    Deno.chmodSync(source, 0o640);
    const umask = Deno.umask();
    try {
      for (const [mask, expected] of [[0o022, 0o444], [0o077, 0o400]] as const) {
        Deno.umask(mask);
        const batch = store.batch();
        batch.name(stage(batch, "1"), `${mask}/created`);
        batch.name(batch.copyOf(source), `${mask}/copied`);
        batch.alias(`${mask}/created`, `${mask}/alias`);
        await batch.publish();
        batch.discard();
        for (const name of ["created", "copied", "alias"]) {
          assert.equal(modeOf(store, `${mask}/${name}`), expected, name);
        }
      }
    } finally {
      Deno.umask(umask);
    }
  });
});

Deno.test("disk store: a linked file keeps its mode, its inode and its owner's hand", async () => {
  await withStore(async ({ store, file }) => {
    const source = file("source", bytes("linked"));
    Deno.symlinkSync(source, `${source}.link`);
    const batch = store.batch();
    batch.name(batch.linkOf(source), "a");
    batch.name(batch.linkOf(`${source}.link`), "b");
    batch.alias("a", "c");
    await batch.publish();
    batch.discard();
    const { ino, mode } = Deno.lstatSync(source);
    for (const name of ["a", "b", "c"]) assert.equal(Deno.lstatSync(store.path(name)).ino, ino);
    assert.equal(mode! & 0o200, 0o200);
  });
});

Deno.test("disk store: links in it are neither listed nor followed to be removed", async () => {
  await withStore(async ({ store, file }) => {
    await put(store, { ".lamindb/objects/ab/1": "1", "raw/a": "2" });
    const outside = file("outside", bytes("mine"));
    const folder = outside.replace(/outside$/, "");
    Deno.symlinkSync(outside, store.path(".lamindb/objects/ab/2"));
    Deno.symlinkSync(folder, store.path(".lamindb/objects/cd"));
    assert.deepEqual(await namesBelow(store, ".lamindb/"), [".lamindb/objects/ab/1"]);
    await store.remove([".lamindb/objects/ab/2", ".lamindb/objects/cd/"]);
    assert.equal(await textOf(store, ".lamindb/objects/ab/2"), undefined);
    assert.equal(Deno.readTextFileSync(outside), "mine");
    Deno.removeSync(store.path(".lamindb/objects/staging"));
    Deno.symlinkSync(folder, store.path(".lamindb/objects/staging"));
    Deno.mkdirSync(`${folder}/0123456789abcdef`);
    assert.deepEqual(await store.unfinished(), [], "nor are folders behind one taken for batches");
  });
});

const noPipes = Deno.build.os === "windows" ? "Windows has no pipes in folders" : undefined;

test(
  "disk store: what is no file holds no bytes, and a pipe is not waited for",
  noPipes,
  async () => {
    await withStore(async ({ store }) => {
      await put(store, { ".lamindb/objects/ab/1": "1" });
      const pipe = store.path(".lamindb/objects/ab/pipe");
      assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
      assert.equal(await textOf(store, ".lamindb/objects/ab/pipe"), undefined);
      assert.equal((await store.sizes([".lamindb/objects/ab/pipe"])).size, 0);
    });
  },
);
