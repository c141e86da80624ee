import assert from "node:assert/strict";
import { ContentCache } from "../../../store/cache/content_cache.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { FileError, type Host } from "../../../store/host/host.ts";

const key = (letter: string) => letter.repeat(64);

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    await work(`${folder}/cache`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A host whose clock can be put forward; some engines tell times of change in whole seconds. */
function withOwnTime(): { host: Host; later: (ms: number) => void } {
  const host = denoHost();
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const touched = new Map<string, number>();
  const files: Host["files"] = {
    ...host.files,
    setMode: (path, mode) => {
      host.files.setMode(path, mode);
      touched.set(path, now().getTime());
    },
    lstat: (path) => {
      const stat = host.files.lstat(path);
      return stat && { ...stat, changedMs: touched.get(path) ?? stat.changedMs };
    },
  };
  return { host: { ...host, files, now }, later: (ms) => aheadMs += ms };
}

function keep(cache: ContentCache, name: string, bytes: Uint8Array): void {
  const writer = cache.begin(name, bytes.length, `content ${name.slice(0, 2)}`);
  writer?.write(bytes);
  writer?.keep();
}

async function read(cache: ContentCache, name: string): Promise<Uint8Array | undefined> {
  const reader = cache.open(name);
  try {
    return await reader?.read(0, reader.size);
  } finally {
    reader?.close();
  }
}

Deno.test("cache: what was kept is read again, what was dropped or is on its way is not", async () => {
  await withFolder(async (folder) => {
    const cache = new ContentCache(denoHost(), folder, 1000);
    assert.equal(await read(cache, key("a")), undefined);
    const writer = cache.begin(key("a"), 3, "a")!;
    writer.write(new Uint8Array([1, 2]));
    assert.equal(await read(cache, key("a")), undefined);
    writer.write(new Uint8Array([3]));
    writer.keep();
    writer.drop();
    assert.deepEqual(await read(cache, key("a")), new Uint8Array([1, 2, 3]));
    const dropped = cache.begin(key("b"), 1, "b")!;
    dropped.write(new Uint8Array([1]));
    dropped.drop();
    assert.equal(await read(cache, key("b")), undefined);
    assert.deepEqual(cache.uses().map(({ name, size }) => [name, size]), [["a", 3]]);
    assert.equal(Deno.statSync(cache.pathOf(key("a"))).mode! & 0o777, 0o400);
    assert.equal([...Deno.readDirSync(`${folder}/objects/bb`)].length, 0, "nothing is left over");
  });
});

Deno.test("cache: a file that is not the one that was found right is not served", async () => {
  await withFolder(async (folder) => {
    const cache = new ContentCache(denoHost(), folder, 1000);
    keep(cache, key("a"), new Uint8Array([1, 2, 3]));
    const path = cache.pathOf(key("a"));
    Deno.chmodSync(path, 0o600);
    Deno.writeFileSync(path, new Uint8Array([1, 2, 4]));
    Deno.utimeSync(path, 1, 1);
    assert.equal(cache.has(key("a")), false);
    keep(cache, key("a"), new Uint8Array([1, 2, 3]));
    assert.deepEqual(await read(cache, key("a")), new Uint8Array([1, 2, 3]));
    Deno.removeSync(`${path}.json`);
    assert.equal(await read(cache, key("a")), undefined, "nor one without a note");
  });
});

Deno.test("cache: it holds no more than it may, and what was used last stays", async () => {
  await withFolder(async (folder) => {
    const { host, later } = withOwnTime();
    const cache = new ContentCache(host, folder, 1000);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20)); // times of files differ
    for (const letter of "abc") {
      keep(cache, key(letter), new Uint8Array(300));
      await pause();
    }
    later(2 * 60_000);
    assert.ok(await read(cache, key("a")));
    await pause();
    keep(cache, key("d"), new Uint8Array(300));
    assert.deepEqual("abcd".split("").filter((one) => cache.has(key(one))), ["a", "c", "d"]);
    assert.equal(cache.begin(key("e"), 1001, "too large"), undefined);
    assert.ok(cache.uses().reduce((sum, { size }) => sum + size, 0) <= 1000);
  });
});

Deno.test("cache: who reads a content reads on while another removes it", async () => {
  await withFolder(async (folder) => {
    const [one, other] = [1, 2].map(() => new ContentCache(denoHost(), folder, 1000));
    keep(one!, key("a"), new Uint8Array([7, 8]));
    const reader = one!.open(key("a"))!;
    other!.remove(key("a"));
    assert.deepEqual(await reader.read(0, 2), new Uint8Array([7, 8]));
    reader.close();
    assert.equal(one!.has(key("a")), false);
  });
});

Deno.test("cache: where nothing can be written, it keeps nothing and fails nothing", async () => {
  await withFolder(async (folder) => {
    const host = denoHost();
    const full = (): never => {
      throw new FileError("ENOSPC", "write", folder);
    };
    for (const call of ["makeDirectory", "open", "rename", "setMode", "writeFile"] as const) {
      const files = new Proxy(host.files, {
        get: (target, name) => name === call ? full : Reflect.get(target, name).bind(target),
      });
      const cache = new ContentCache({ ...host, files }, folder, 1000);
      keep(cache, key("a"), new Uint8Array([1]));
      assert.equal(cache.has(key("a")), false, call);
      assert.equal(await read(cache, key("a")), undefined);
    }
  });
});

Deno.test("cache: processes that keep, read and remove at once see no wrong byte", async () => {
  await withFolder(async (folder) => {
    const keeper = new URL("./keeper.ts", import.meta.url).pathname;
    const runs = [1, 2, 3, 4].map((seed) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--quiet", keeper, folder, "12000", `${seed}`, "400"],
        stderr: "piped",
      }).output()
    );
    for (const { stdout, stderr } of await Promise.all(runs)) {
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(said, "done\n");
    }
    const cache = new ContentCache(denoHost(), folder, 12_000);
    const size = cache.uses().reduce((sum, use) => sum + use.size, 0);
    // Each process may exceed it by a tenth, and by the content that it brings.
    assert.ok(size <= 12_000 + 4 * (1200 + 1080), `${size} bytes`);
  });
});
