import assert from "node:assert/strict";
import { currentHost } from "../../../store/host/select.ts";
import { FileError, type Host } from "../../../store/host/host.ts";
import { DiskBlobStore } from "../../../store/objects/disk.ts";
import { isProcessAlive, processMark } from "../../../store/objects/process_mark.ts";
import { textOf, watchedHost } from "../../crash/seam.ts";
import { test } from "../../skip.ts";
import { namesBelow, stage } from "../../conformance/blob/store_driver.ts";

const host = await currentHost();
const dayMs = 24 * 60 * 60 * 1000;
const notTold = host.platform === "linux" ? undefined : "the system does not tell which run";

async function withStore(work: (root: string) => Promise<void>): Promise<void> {
  const root = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    await work(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

function later(ms: number): Host {
  return { ...host, now: () => new Date(Date.now() + ms) };
}

/** Stages a blob of five bytes in a process that is killed before it publishes. */
async function stageAndDie(root: string): Promise<void> {
  const modules = new URL("../../../store/", import.meta.url);
  const code = `
    import { currentHost } from "${modules}host/select.ts";
    import { DiskBlobStore } from "${modules}objects/disk.ts";
    const batch = new DiskBlobStore(await currentHost(), ${JSON.stringify(root)}).batch();
    const staged = batch.create();
    staged.write(new Uint8Array(5));
    batch.name(staged, ".lamindb/objects/ab/1");
    console.log("staged");
    setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const reader = child.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /staged/);
  const [running] = await new DiskBlobStore(host, root).unfinished();
  assert.equal(running!.isAbandoned, false, "while it runs");
  child.kill("SIGKILL");
  await reader.cancel();
  await child.status;
}

Deno.test("staging: a process that dies leaves nothing visible, and what it left is found", async () => {
  await withStore(async (root) => {
    await stageAndDie(root);
    const store = new DiskBlobStore(host, root);
    assert.deepEqual(await namesBelow(store, ".lamindb/"), []);
    const [left] = await store.unfinished();
    assert.equal(left!.size, 5);
    // Elsewhere than on Linux only the day's rest tells.
    assert.equal(left!.isAbandoned, host.platform === "linux");
    const [tomorrow] = await new DiskBlobStore(later(2 * dayMs), root).unfinished();
    assert.equal(tomorrow!.isAbandoned, true);
    await store.remove([left!.name]);
    assert.deepEqual(await store.unfinished(), []);
  });
});

Deno.test("staging: of a process on another machine, a day's rest tells", async () => {
  await withStore(async (root) => {
    const staging = `${root}/.lamindb/objects/staging`;
    const other = "0".repeat(32);
    for (const mark of ["", `-${other}-1-17-4`, "-0-0", "--"]) {
      const folder = `${staging}/0123456789abcdef${mark}`;
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeTextFileSync(`${folder}/0`, "12345");
      const abandoned = async (host: Host) =>
        (await new DiskBlobStore(host, root).unfinished())[0]!.isAbandoned;
      assert.equal(await abandoned(host), false);
      assert.equal(await abandoned(later(dayMs / 2)), false);
      assert.equal(await abandoned(later(dayMs * 1.1)), true);
      Deno.removeSync(folder, { recursive: true });
    }
  });
});

test(
  "staging: the next batch removes what a process left that died, nothing else",
  notTold,
  async () => {
    await withStore(async (root) => {
      await stageAndDie(root);
      const store = new DiskBlobStore(host, root);
      const [dead] = await store.unfinished();
      const running = store.batch();
      running.name(stage(running, "12345"), "running");
      const unknown = `${root}/.lamindb/objects/staging/0123456789abcdef`;
      Deno.mkdirSync(unknown);
      const calls: string[] = [];
      const watched = watchedHost(host, { before: (call) => calls.push(textOf(call)) });
      const next = new DiskBlobStore(watched, root).batch();
      await next.publish();
      next.discard();
      assert.match(calls[0]!, /^flush-all /, "names that it had given may be used by now");
      assert.match(calls[1]!, /^remove /);
      const left = (await store.unfinished()).map(({ name }) => name);
      assert.ok(!left.includes(dead!.name), "also when it has nothing of its own to publish");
      assert.equal(left.length, 2);
      running.discard();
    });
  },
);

test("staging: a batch whose process runs is never taken for abandoned", notTold, async () => {
  await withStore(async (root) => {
    const batch = new DiskBlobStore(host, root).batch();
    batch.name(stage(batch, "12345"), "a");
    const [left] = await new DiskBlobStore(later(30 * dayMs), root).unfinished();
    assert.equal(left!.isAbandoned, false);
    batch.discard();
  });
});

Deno.test("staging: only what a batch made counts as one", async () => {
  await withStore(async (root) => {
    Deno.mkdirSync(`${root}/.lamindb/objects/staging/my own folder`, { recursive: true });
    Deno.writeTextFileSync(`${root}/.lamindb/objects/staging/0123456789abcdef`, "a file");
    assert.deepEqual(await new DiskBlobStore(later(9 * dayMs), root).unfinished(), []);
  });
});

test("staging: marks of processes", notTold, () => {
  const mark = processMark(host);
  assert.match(mark, /^[0-9a-f]{32}-\d+-\d+-\d+$/);
  assert.equal(isProcessAlive(host, mark), true);
  assert.equal(
    isProcessAlive(host, mark.replace(/\d+$/, "1")),
    false,
    "the number was given anew",
  );
  assert.equal(isProcessAlive(host, mark.replace(/^.{32}/, "0".repeat(32))), undefined);
  assert.equal(isProcessAlive(host, mark.replace(/-\d+/, "-1")), undefined);
  assert.equal(isProcessAlive(host, ""), undefined);
});

test("staging: that a process cannot be looked at does not mean that it is dead", notTold, () => {
  const mark = processMark(host);
  const failing = (code: string) => ({
    ...host,
    files: {
      ...host.files,
      readFile: (path: string) => {
        if (path.endsWith("/stat")) throw new FileError(code, "read", path);
        return host.files.readFile(path);
      },
    },
  });
  for (const code of ["EMFILE", "EACCES", "EIO"]) {
    assert.equal(isProcessAlive(failing(code), mark), undefined, code);
    assert.equal(processMark(failing(code)), "");
  }
  for (const code of ["ENOENT", "ESRCH"]) {
    assert.equal(isProcessAlive(failing(code), mark), false, code);
  }
});
