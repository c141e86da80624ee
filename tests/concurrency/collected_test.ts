/** What is added is stored again where another process collects it in the worst moment. */

import assert from "node:assert/strict";
import { denoHost } from "../../store/host/deno.ts";
import type { Host } from "../../store/host/host.ts";
import { type Atlas, withAtlas } from "../cli/atlas.ts";
import { refuseRows } from "../raw_database.ts";
import { test } from "../skip.ts";
import { onlyLocal, onS3 } from "../test_database.ts";
import { watchedHost } from "../crash/seam.ts";
import { collect, deleteArtifacts, runOn } from "./meanwhile.ts";
import { watchedStores } from "./watched_stores.ts";

/**
 * Runs the program; once it looked for something in the store and found it, that is collected. What
 * a server has is looked up in the rows, before the batch is published.
 */
async function runWhileCollected(
  atlas: Atlas,
  words: readonly string[],
  options: { readonly input?: string; readonly then?: () => void } = {},
) {
  const host = denoHost();
  const { files } = host;
  let collected = false;
  const collectNow = () => {
    if (collected) return;
    collected = true;
    collect(atlas);
    options.then?.();
  };
  const look = <T extends { readonly kind: string } | null>(path: string, stat: T): T => {
    const isObject = /\/\.lamindb\/objects\/[0-9a-f]{2}\//.test(path) && stat?.kind === "file";
    if (isObject) collectNow();
    return stat;
  };
  const stores = watchedStores({
    before: ({ kind }) => {
      if (kind === "publish") collectNow();
    },
  });
  const watched: Host = {
    ...host,
    files: {
      ...files,
      lstat: (path) => look(path, files.lstat(path)),
      stat: (path) => look(path, files.stat(path)),
    },
  };
  const said = await runOn(watched, atlas, words, { input: options.input, stores });
  assert.ok(collected, "something was collected");
  return said;
}

async function checkWhole(atlas: Atlas): Promise<void> {
  const findings = await atlas.json("fsck", "--deep");
  assert.deepEqual(findings, []);
}

Deno.test("add: a file whose object is collected meanwhile is stored again", async () => {
  await withAtlas(async (atlas) => {
    for (const mode of [[], ["--link"]]) {
      atlas.write("a.txt", `content ${mode}`);
      await atlas.lamin("add", "a.txt");
      await atlas.lamin("undo");
      const { code, stderr } = await runWhileCollected(atlas, ["add", "a.txt", ...mode]);
      assert.equal(code, 0, stderr);
      assert.equal(await atlas.lamin("cat", "a.txt"), `content ${mode}`);
      await checkWhole(atlas);
    }
  });
});

Deno.test("add: so is what came through a pipe, which cannot be read again", async () => {
  await withAtlas(async (atlas) => {
    const words = ["add", "-", "--key", "piped.txt"];
    atlas.write("piped.txt", "through a pipe");
    await atlas.lamin("add", "piped.txt");
    await atlas.lamin("undo");
    const { code, stderr } = await runWhileCollected(atlas, words, {
      input: "through a pipe",
    });
    assert.equal(code, 0, stderr);
    assert.equal(await atlas.lamin("cat", "piped.txt"), "through a pipe");
    await checkWhole(atlas);
  });
});

Deno.test(
  "add: so are the files of a folder that were to be linked from an older version",
  async () => {
    await withAtlas(async (atlas) => {
      atlas.write("set/same.txt", "in both versions");
      atlas.write("set/deep/new.txt", "first");
      await atlas.lamin("add", "set", "--as", "folder");
      atlas.write("set/deep/new.txt", "second");
      let isDeleted = false;
      // The last moment before the new version's files get their names.
      const before = ({ kind }: { readonly kind: string }) => {
        if (isDeleted || kind !== (onS3 ? "publish" : "flush")) return;
        isDeleted = true;
        deleteArtifacts(atlas);
        collect(atlas);
      };
      const host = watchedHost(denoHost(), { before });
      const stores = watchedStores({ before });
      const words = ["add", "set", "--as", "folder"];
      const { code, stderr } = await runOn(host, atlas, words, { stores });
      assert.deepEqual([code, isDeleted], [0, true], stderr);
      assert.equal(await atlas.lamin("cat", "set", "--path", "same.txt"), "in both versions");
      assert.equal(await atlas.lamin("cat", "set", "--path", "deep/new.txt"), "second");
      await checkWhole(atlas);
    });
  },
);

Deno.test(
  "add: a source that changed as well is refused, and nothing is recorded",
  async () => {
    await withAtlas(async (atlas) => {
      atlas.write("a.txt", "content");
      await atlas.lamin("add", "a.txt");
      await atlas.lamin("undo");
      const { code, stderr } = await runWhileCollected(atlas, ["add", "a.txt"], {
        then: () => atlas.write("a.txt", "another"),
      });
      assert.equal(code, 1);
      assert.match(stderr, /a\.txt.*changed while it was/);
      assert.deepEqual(await atlas.json("list", "artifact"), []);
      await checkWhole(atlas);
    });
  },
);

const sentLater = onS3 ? undefined : "on a disk a file is copied as it is staged";

test("add: where one of two alike changes before it is sent, the other is", sentLater, async () => {
  await withAtlas(async (atlas) => {
    const content = "more than is copied at once\n".repeat(5000);
    for (const path of ["one.txt", "set/in.txt", "two.txt"]) atlas.write(path, content);
    let isChanged = false;
    const stores = watchedStores({
      before: ({ kind }) => {
        if (isChanged || kind !== "publish") return;
        isChanged = true;
        for (const path of ["one.txt", "set/in.txt"]) atlas.write(path, "changed");
      },
    });
    for (const words of [["add", "one.txt", "two.txt"], ["add", "set", "--as", "folder"]]) {
      isChanged = false;
      const { code, stderr } = await runOn(denoHost(), atlas, words, { stores });
      assert.deepEqual([code, isChanged], [1, true], stderr);
      assert.match(stderr, /^! not added: \S*(one\.txt|set): it changed while it was read$/m);
      atlas.write("set/in.txt", content);
    }
    const rows = await atlas.json("list", "artifact");
    assert.deepEqual(rows.map(({ key }) => key), ["two.txt"]);
    assert.equal(await atlas.lamin("cat", "two.txt"), content);
    assert.deepEqual((await atlas.json("op", "log")).length, 1);
    const [left] = await atlas.json("fsck", "--deep");
    assert.equal(left, undefined);
  });
});

test(
  "gc: what another process stores anew while it takes it back is left as it is",
  onlyLocal,
  async () => {
    await withAtlas(async (atlas) => {
      const keys = ["a.txt", "b.txt"];
      for (const key of keys) atlas.write(key, `content of ${key}`);
      await atlas.lamin("add", ...keys);
      await atlas.lamin("rm", "--permanent", "--force", ...keys);
      refuseRows(atlas.root, "lamin_operation");
      const moved: string[] = [];
      const host = watchedHost(denoHost(), {
        before: ({ kind, path }) => {
          if (kind !== "rename" || !/\/objects\/[0-9a-f]{2}\//.test(path)) return;
          for (const object of moved) storeAnew(object);
          moved.push(path);
        },
      });
      const { code, stderr } = await runOn(host, atlas, ["gc", "--apply", "--grace", "0"]);
      assert.deepEqual([code, /not now/.test(stderr), moved.length], [1, true, 2], stderr);
      assert.equal(Deno.readTextFileSync(moved[0]!), "stored anew");
      assert.match(Deno.readTextFileSync(moved[1]!), /^content of/);
      const staging = [...Deno.readDirSync(`${atlas.root}/.lamindb/objects/staging`)];
      assert.deepEqual(staging, []);
    });
  },
);

function storeAnew(path: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(path, "stored anew");
}
