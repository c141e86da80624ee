/** Who reads what another process deletes or moves just then gets right bytes or a clear word. */

import assert from "node:assert/strict";
import { withRaw } from "../raw_database.ts";
import { exitCode } from "../../cli/exit.ts";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { type Atlas, withAtlas } from "../cli/atlas.ts";
import { test } from "../skip.ts";
import { onlyLocal, storageOf } from "../test_database.ts";
import { collect, deleteArtifacts, runOn } from "./meanwhile.ts";
import { watchedStores } from "./watched_stores.ts";

/**
 * Runs the program; right before it looks at bytes of artifacts for the n-th time, something
 * happens.
 */
async function runUntil(
  { isBytes, nth, what }: {
    /** Whether a path or the name of a blob is of them. */
    readonly isBytes: (path: string) => boolean;
    readonly nth: number;
    readonly what: () => void;
  },
  atlas: Atlas,
  words: readonly string[],
) {
  const host = denoHost();
  const { files } = host;
  let left = nth;
  const look = (path: string) => {
    if (!isBytes(path) || --left !== 0) return;
    what();
  };
  const watched: Host = {
    ...host,
    files: {
      ...files,
      stat: (path) => (look(path), files.stat(path)),
      open: (path, options) => (look(path), files.open(path, options)),
    },
  };
  const stores = watchedStores({ before: ({ names }) => names.forEach(look) });
  return await runOn(watched, atlas, words, { stores });
}

const isObject = (path: string) => /(^|\/)\.lamindb\/objects\/[0-9a-f]{2}\//.test(path);

async function fill(atlas: Atlas): Promise<void> {
  atlas.write("a.txt", "right bytes");
  atlas.write("set/a.txt", "first of the set");
  atlas.write("set/deep/b.txt", "second of the set");
  await atlas.lamin("add", "a.txt");
  await atlas.lamin("add", "set", "--as", "folder");
}

/** Runs a command while everything is deleted before each of its first looks at bytes in turn. */
async function atEachMoment(
  words: readonly string[],
  check: (said: Awaited<ReturnType<typeof runOn>>, atlas: Atlas) => void,
): Promise<void> {
  await withAtlas(async (atlas) => {
    await fill(atlas);
    for (let nth = 1, isOver = false; !isOver; nth++) {
      let isDeleted = false;
      const what = () => {
        isDeleted = true;
        deleteArtifacts(atlas);
        collect(atlas);
      };
      const said = await runUntil({ isBytes: isObject, nth, what }, atlas, words);
      check(said, atlas);
      isOver = !isDeleted;
      assert.ok(nth < 20, "it comes to an end");
      if (isDeleted) await fill(atlas);
      if (atlas.exists("copy")) atlas.remove("copy");
    }
  });
}

Deno.test(
  "cat: an artifact that is deleted meanwhile is whole or no longer there",
  async () => {
    const contents = { "a.txt": "right bytes", "set/deep/b.txt": "second of the set" };
    for (const [reference, content] of Object.entries(contents)) {
      await atEachMoment(["cat", reference], ({ code, stdout, stderr }) => {
        if (code === 0) return assert.equal(stdout, content);
        assert.deepEqual([code, stdout], [exitCode.failed, ""], stderr);
        assert.match(stderr, /is no longer there\n.*deleted it just now/);
      });
    }
  },
);

Deno.test(
  "get: an artifact that is deleted meanwhile comes whole or not at all",
  async () => {
    await atEachMoment(["get", "set", "--to", "copy", "--json"], ({ code, stdout }, atlas) => {
      if (code === 0) {
        assert.equal(atlas.read("copy/a.txt"), "first of the set");
        return assert.equal(atlas.read("copy/deep/b.txt"), "second of the set");
      }
      assert.equal(code, exitCode.failed);
      assert.match(stdout, /set is no longer there/);
      assert.ok(!atlas.exists("copy"), "half a folder was left");
    });
  },
);

Deno.test("fsck: what is deleted or moved while it is looked at is not missed", async () => {
  await atEachMoment(["fsck", "--deep", "--json"], ({ code, stdout }) => {
    const damage = stdout.split("\n").filter((line) => line.includes('"damage"'));
    assert.deepEqual([code, damage], [0, []]);
  });
});

/** Does what `mv` of another process does to an artifact in place. */
function moveInPlace({ root }: Atlas, from: string, to: string): void {
  withRaw(
    root,
    (database) => database.run("UPDATE lamindb_artifact SET key = ? WHERE key = ?", to, from),
  );
  Deno.renameSync(`${root}/${from}`, `${root}/${to}`);
}

test(
  "an artifact in place that is moved meanwhile is found by fsck, and cat says what to do",
  onlyLocal,
  async () => {
    await withAtlas(async (atlas) => {
      atlas.write("raw.txt", "in place");
      await atlas.lamin("add", "raw.txt", "--no-copy");
      const isBytes = (path: string) => path.endsWith("/raw.txt");
      const what = () => moveInPlace(atlas, "raw.txt", "moved.txt");
      const said = await runUntil({ isBytes, nth: 1, what }, atlas, ["cat", "raw.txt"]);
      assert.deepEqual([said.code, said.stdout], [exitCode.failed, ""], said.stderr);
      assert.match(said.stderr, /no longer there as it was\n.*run this one again/);
      moveInPlace(atlas, "moved.txt", "raw.txt");
      const words = ["fsck", "--deep", "--json"];
      const checked = await runUntil({ isBytes, nth: 1, what }, atlas, words);
      assert.deepEqual([checked.code, checked.stdout], [0, ""]);
      assert.equal(await atlas.lamin("cat", "moved.txt"), "in place");
    });
  },
);

Deno.test("bytes that are gone while their row stays are damage still", async () => {
  await withAtlas(async (atlas) => {
    await fill(atlas);
    Deno.removeSync(`${storageOf(atlas.root)}/.lamindb/objects`, { recursive: true });
    assert.equal((await atlas.run("cat", "a.txt")).code, exitCode.damaged);
    assert.equal((await atlas.run("fsck")).code, exitCode.damaged);
  });
});
