/** The lock for file systems that have none. */
import assert from "node:assert/strict";
import { denoHost } from "../../../store/host/deno.ts";
import { FileError, type Host } from "../../../store/host/host.ts";
import { LaminError } from "../../../store/errors.ts";
import { LockFolder } from "../../../store/database/lock_folder.ts";

async function withFolder(work: (path: string) => Promise<void> | void): Promise<void> {
  const base = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-lock-" }));
  try {
    const path = `${base}/lamin.db-locks`;
    new LockFolder(denoHost(), path).make();
    await work(path);
  } finally {
    Deno.removeSync(base, { recursive: true });
  }
}

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name);

/** Runs the program of another process that takes the lock and says so; it is killed at the end. */
async function withHolder(path: string, work: (kill: () => Promise<void>) => Promise<void> | void) {
  const url = (file: string) => new URL(`../../../store/${file}`, import.meta.url).href;
  const code = `
    import { LockFolder } from "${url("database/lock_folder.ts")}";
    import { denoHost } from "${url("host/deno.ts")}";
    new LockFolder(denoHost(), ${JSON.stringify(path)}).acquire(5000);
    console.log("held");
    setTimeout(() => {}, 60_000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const kill = async () => {
    child.kill("SIGKILL");
    await child.status;
  };
  let isDead = false;
  try {
    assert.match(new TextDecoder().decode((await reader.read()).value), /held/);
    await work(async () => {
      await kill();
      isDead = true;
    });
  } finally {
    if (!isDead) await kill();
    await reader.cancel();
  }
}

Deno.test("lock folder: taken, let go, taken again, and nothing is left", async () => {
  await withFolder((path) => {
    const lock = new LockFolder(denoHost(), path);
    for (let round = 0; round < 3; round++) {
      const letGo = lock.acquire(0);
      assert.deepEqual(names(path), ["held"]);
      letGo();
      assert.deepEqual(names(path), []);
      letGo();
    }
  });
});

Deno.test("lock folder: who holds it is told to those who wait too long, with what to remove", async () => {
  await withFolder(async (path) => {
    const lock = new LockFolder(denoHost(), path);
    await withHolder(path, () => {
      const failure = failureOf(() => lock.acquire(100));
      assert.equal(failure.code, "busy");
      assert.match(failure.message, /^process \d+ of .+ on .+ has held this instance since \d{4}-/);
      assert.match(failure.hint!, /remove .*lamin\.db-locks\/held$/);
      assert.equal(failure.data["host"], Deno.hostname());
      assert.deepEqual(names(path), ["held"], "nothing of those who gave up");
    });
  });
});

Deno.test("lock folder: the lock of a dead process is taken away, that of a strange one never", async () => {
  await withFolder(async (path) => {
    const lock = new LockFolder(denoHost(), path);
    await withHolder(path, async (kill) => {
      await kill();
      assert.deepEqual(names(path), ["held"]);
      if (Deno.build.os === "linux") lock.acquire(0)();
    });
    const elsewhere: Host = { ...denoHost(), hostName: () => "node17", platform: "darwin" };
    new LockFolder(elsewhere, path).acquire(0);
    const failure = failureOf(() => lock.acquire(50));
    assert.match(failure.message, /on node17 has held/);
    // As the hint says; the other one's late letting go does no harm to the next.
    Deno.removeSync(`${path}/held`, { recursive: true });
    lock.acquire(0)();
  });
});

Deno.test("lock folder: letting go late does not take the next one's lock away", async () => {
  await withFolder((path) => {
    const late = new LockFolder(denoHost(), path).acquire(0);
    Deno.removeSync(`${path}/held`, { recursive: true });
    const letGo = new LockFolder(denoHost(), path).acquire(0);
    late();
    assert.deepEqual(names(path), ["held"]);
    letGo();
    assert.deepEqual(names(path), []);
  });
});

Deno.test("lock folder: what a crash between two steps left is in nobody's way", async () => {
  await withFolder((path) => {
    const lock = new LockFolder(denoHost(), path);
    Deno.mkdirSync(`${path}/held`); // let go of by half
    Deno.mkdirSync(`${path}/0123456789abcdef`); // of one that died while it waited
    lock.acquire(0)();
    assert.deepEqual(names(path), ["0123456789abcdef"], "whose it is cannot be known");
    Deno.mkdirSync(`${path}/held`);
    Deno.writeTextFileSync(`${path}/held/x`, "no holder \u001b[31m at all");
    const failure = failureOf(() => lock.acquire(0));
    assert.match(failure.message, /^process \? of somebody on a machine has held/);
  });
});

Deno.test("lock folder: file systems that never rename over a folder, and servers that lose answers", async () => {
  await withFolder((path) => {
    const host = denoHost();
    const strict = (answers: (FileError | undefined)[]): Host => ({
      ...host,
      files: {
        ...host.files,
        rename: (from, to) => {
          if (host.files.lstat(to) !== null) throw new FileError("EEXIST", "rename", to);
          host.files.rename(from, to);
          const failure = answers.shift();
          if (failure !== undefined) throw failure;
        },
      },
    });
    Deno.mkdirSync(`${path}/held`);
    new LockFolder(strict([]), path).acquire(0)();
    const lost = new FileError("ENOENT", "rename", path);
    new LockFolder(strict([lost]), path).acquire(0)();
    assert.deepEqual(names(path), []);
  });
});

Deno.test("lock folder: one who may not write there is told so at once", async () => {
  await withFolder((path) => {
    const host = denoHost();
    const refusing: Host = {
      ...host,
      files: {
        ...host.files,
        makeDirectory: (path) => {
          throw new FileError("EROFS", "make directory", path);
        },
      },
    };
    assert.throws(() => new LockFolder(refusing, path).acquire(5000), FileError);
  });
});

function failureOf(work: () => unknown): LaminError {
  try {
    work();
  } catch (error) {
    if (error instanceof LaminError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
