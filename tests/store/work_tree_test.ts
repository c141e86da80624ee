import assert from "node:assert/strict";
import { parseRelativePath } from "../../core/identity/key.ts";
import type { Host } from "../../store/host/host.ts";
import { currentHost } from "../../store/host/select.ts";
import { processMark } from "../../store/objects/process_mark.ts";
import { WorkTree } from "../../store/work_tree.ts";
import { textOf, watchedHost } from "../crash/seam.ts";
import { test } from "../skip.ts";

const plain = await currentHost();
const dayMs = 24 * 60 * 60 * 1000;
const notTold = plain.platform === "linux" ? undefined : "the system does not tell which run";

async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  try {
    await work(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

function write(host: Host, root: string, path: string): Promise<void> {
  return new WorkTree(host, root).write(parseRelativePath(path), (append) => {
    append(new TextEncoder().encode("text"));
    return Promise.resolve();
  });
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("work tree: bytes are flushed before a file gets its name, and the name after", async () => {
  await withRoot(async (root) => {
    const calls: string[] = [];
    const host = watchedHost(plain, { before: (call) => calls.push(textOf(call)) });
    await write(host, root, "new/a.csv");
    const short = calls.map((call) => call.replaceAll(root, "").replace(/\/\.\S+/, "/TEMPORARY"));
    assert.deepEqual(short, [
      "make /new",
      "create /new/TEMPORARY",
      "write /new/TEMPORARY",
      "flush /new/TEMPORARY",
      "rename /new/TEMPORARY /new/a.csv",
      "flush-folder ",
      "flush-folder /new",
    ]);
  });
});

test(
  "work tree: what dead processes left in a folder goes with the next write",
  notTold,
  async () => {
    await withRoot(async (root) => {
      const random = "0123456789abcdef";
      const own = processMark(plain);
      const left = `.${random}-${own.replace(/\d+$/, "1")}.lamin-temporary`;
      const running = `.${random}-${own}.lamin-temporary`;
      const unknown = `.${random}.lamin-temporary`;
      const users = ".mine.lamin-temporary";
      for (const name of [running, unknown, users]) Deno.writeTextFileSync(`${root}/${name}`, "");
      Deno.mkdirSync(`${root}/${left}/deep`, { recursive: true });
      Deno.writeTextFileSync(`${root}/${left}/deep/0`, "");
      await write(plain, root, "a.csv");
      assert.deepEqual(namesIn(root), [running, unknown, users, "a.csv"].sort());
      // Of processes of which nothing is known, a day's rest tells.
      const later = { ...plain, now: () => new Date(Date.now() + 2 * dayMs) };
      await write(later, root, "b.csv");
      assert.deepEqual(namesIn(root), [running, users, "a.csv", "b.csv"].sort());
    });
  },
);
