import assert from "node:assert/strict";
import { currentHost } from "../../../store/host/select.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { put, stage, textOf } from "../../conformance/blob/store_driver.ts";
import { FileError, type Host } from "../../../store/host/host.ts";
import { textOf as textOfCall, watchedHost } from "../../crash/seam.ts";

const plain = await currentHost();

interface RecordingHost {
  readonly host: Host;
  /** Calls that change or flush something, as `rename /from /to`. */
  readonly calls: string[];
}

/** `onCall` is asked before each call, and may throw instead of it. */
function recordingHost(onCall: (call: string, index: number) => void = () => {}): RecordingHost {
  const calls: string[] = [];
  const host = watchedHost(plain, {
    before: (call) => {
      onCall(textOfCall(call), calls.length);
      calls.push(textOfCall(call));
    },
  });
  return { host, calls };
}

/** A failure as the system reports it. */
function fileFailure(code: string): FileError {
  return new FileError(code, "test", "somewhere");
}

async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  try {
    await work(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

/** Puts `count` blobs and an alias into a store, noting the calls of the file system. */
async function recordedPut(root: string, count: number): Promise<RecordingHost> {
  const recording = recordingHost();
  const batch = new DiskBlobStore(recording.host, root).batch();
  for (let index = 0; index < count; index++) {
    batch.name(stage(batch, `text ${index}`), `.lamindb/objects/a${index % 20}/${index}`);
  }
  batch.alias(".lamindb/objects/a0/0", ".lamindb/objects/ff/alias");
  await batch.publish();
  batch.discard();
  return recording;
}

const indexOf = (calls: string[], start: string) =>
  calls.findIndex((call) => call.startsWith(start));
const lastOf = (calls: string[], start: string) =>
  calls.findLastIndex((call) => call.startsWith(start));

Deno.test("disk batch: a few blobs are flushed each, before any gets its name", async () => {
  await withRoot(async (root) => {
    const { calls } = await recordedPut(root, 3);
    assert.equal(calls.filter((call) => call.startsWith("flush ")).length, 3);
    assert.ok(lastOf(calls, "flush ") < indexOf(calls, "rename "));
    const flushed = calls.filter((call) => call.startsWith("flush-folder "))
      .map((call) => call.slice("flush-folder ".length + root.length));
    // Also the folders in which other folders are new.
    assert.deepEqual(flushed.sort(), [
      "",
      "/.lamindb",
      "/.lamindb/objects",
      "/.lamindb/objects/a0",
      "/.lamindb/objects/a1",
      "/.lamindb/objects/a2",
      "/.lamindb/objects/ff",
    ]);
    assert.ok(indexOf(calls, "flush-folder ") > lastOf(calls, "rename "));
    const again = await recordedPut(root, 4);
    assert.deepEqual(
      again.calls.filter((call) => call.startsWith("flush-folder ")),
      [`flush-folder ${root}/.lamindb/objects`, `flush-folder ${root}/.lamindb/objects/a3`],
      "only where names are new",
    );
  });
});

Deno.test("disk batch: many blobs are flushed together", async () => {
  await withRoot(async (root) => {
    const { calls } = await recordedPut(root, 40);
    assert.equal(indexOf(calls, "flush "), -1);
    assert.equal(indexOf(calls, "flush-folder "), -1);
    const together = calls.flatMap((call, index) => call.startsWith("flush-all ") ? [index] : []);
    assert.equal(together.length, 2, "bytes before names, then names");
    assert.ok(together[0]! < indexOf(calls, "rename "));
    assert.ok(together[1]! > lastOf(calls, "rename "));
  });
});

Deno.test("disk batch: without a flush of the file system each file is flushed", async () => {
  await withRoot(async (root) => {
    const recording = recordingHost();
    const host = {
      ...recording.host,
      files: { ...recording.host.files, flushFileSystem: () => Promise.resolve(false) },
    };
    await put(
      new DiskBlobStore(host, root),
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a/${index}`, "text"])),
    );
    assert.equal(recording.calls.filter((call) => call.startsWith("flush ")).length, 20);
  });
});

Deno.test("disk batch: where files cannot be linked they are copied whole, and flushed", async () => {
  await withRoot(async (root) => {
    const store = new DiskBlobStore(plain, root);
    await put(store, { "a": "some text", "torn": "some" });
    const recording = recordingHost((call) => {
      if (call.startsWith("link ")) throw fileFailure("EMLINK");
    });
    const batch = new DiskBlobStore(recording.host, root).batch();
    batch.alias("a", "b");
    batch.alias("a", "torn");
    batch.name(batch.linkOf(`${root}/a`), "c");
    await batch.publish();
    batch.discard();
    for (const name of ["b", "c", "torn"]) {
      assert.equal(await textOf(store, name), "some text");
      assert.equal(Deno.statSync(`${root}/${name}`).mode! & 0o222, 0);
    }
    const copies = recording.calls.filter((call) => call.startsWith("copy "));
    assert.ok(copies.every((call) => call.includes("/staging/")), "never straight to its name");
    assert.equal(recording.calls.filter((call) => call.startsWith("flush ")).length, 3);
  });
});

Deno.test("disk batch: a failure at any step leaves whole blobs or none, and can be repeated", async () => {
  const texts = { "a/1": "one", "a/2": "two two", "b/c/3": "three three" };
  let steps = 0;
  for (let failing = 0, done = false; !done; failing++) {
    await withRoot(async (root) => {
      const store = new DiskBlobStore(plain, root);
      await put(store, { "a/2": "old" });
      // A failure to tidy up is none: what is left is found later.
      const recording = recordingHost((call, index) => {
        if (index === failing && !call.startsWith("remove ")) throw fileFailure("EIO");
      });
      try {
        await put(new DiskBlobStore(recording.host, root), texts);
        done = recording.calls.length <= failing;
      } catch {
        for (const [name, text] of Object.entries(texts)) {
          const found = await textOf(store, name);
          assert.ok([text, undefined, "old"].includes(found), `${name} at step ${failing}`);
        }
      }
      assert.deepEqual(await store.unfinished(), []);
      await put(store, texts);
      for (const [name, text] of Object.entries(texts)) {
        assert.equal(await textOf(store, name), text);
      }
      steps = failing;
    });
  }
  assert.ok(steps > 10, `${steps} steps failed`);
});
