/** A push that is killed on its way, and said again. */
import assert from "node:assert/strict";
import { countingProxy } from "../../tools/bench/counting_proxy.ts";
import { type Atlas, atlasAt } from "../cli/atlas.ts";
import { command, denoFolder, withWorkspace } from "../lamin.ts";
import { noS3Server, s3Keys, s3Server } from "../s3_server.ts";
import { random } from "../seed.ts";
import { test } from "../skip.ts";
import { soak } from "../soak.ts";
import { ownPlaces } from "../test_database.ts";
import type { CountedSpecification } from "./counted_victim.ts";
import { leftovers } from "./leftovers.ts";
import { storedFiles } from "./stored_files.ts";

const mebibyte = 2 ** 20;
const fileBytes = 2 * mebibyte;

/** 128 MiB, or 2 GiB in the long form. */
const count = soak ? 1024 : 64;
const shares = [0.1, 0.5, 0.9];

/** What is published together on a disk. */
const groupBytes = 64 * mebibyte;

/** Bytes of which no piece is like another. */
function noise(seed: number, length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(length / 4);
  const chance = random(seed);
  for (let index = 0; index < words.length; index += 64) words[index] = chance() * 2 ** 32;
  return new Uint8Array(words.buffer);
}

async function fill({ write, lamin }: Atlas): Promise<void> {
  for (let file = 0; file < count; file++) write(`raw/${file}.bin`, noise(file + 1, fileBytes));
  await lamin("add", "--link", "raw");
}

/** Bytes of the objects in a storage. */
function storedBytes(root: string): number {
  return Object.values(storedFiles(root)).reduce((sum, { size }) => sum + size, 0);
}

test(
  "a push to a folder that is killed at 10, 50 and 90 % sends only the rest",
  ownPlaces,
  () =>
    withWorkspace(async ({ root, home }) => {
      const here = atlasAt(root, home);
      await here.lamin("init");
      await fill(here);
      for (const share of shares) {
        const lab = atlasAt(`${root}-${share}`, home);
        Deno.mkdirSync(lab.root);
        await lab.lamin("init");
        const words = ["push", lab.root, "--json"];
        const files = Math.floor(share * count);
        await dieAfter({ folder: root, home, words, files });
        const there = storedBytes(lab.root);
        assert.ok(there > files * fileBytes - groupBytes, `${there} bytes of ${files} files`);
        const { bytes } = JSON.parse(await here.lamin(...words));
        assert.equal(bytes, count * fileBytes - there, "the rest");
        assert.equal(storedBytes(lab.root), count * fileBytes);
        assert.deepEqual(leftovers(lab.root), []);
        assert.deepEqual(await lab.json("fsck", "--deep"), []);
        Deno.removeSync(lab.root, { recursive: true });
      }
    }),
);

async function dieAfter(specification: CountedSpecification): Promise<void> {
  const victim = new URL("./counted_victim.ts", import.meta.url).pathname;
  const { signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", victim, JSON.stringify(specification)],
    env: { DENO_DIR: denoFolder() },
    stdin: "null",
    stdout: "null",
  }).output();
  assert.equal(signal, "SIGKILL");
}

/** What a push sends besides: its questions, and the rows as a file of some 5 MiB. */
const besidesBytes = 8 * mebibyte;

/** How many small files are sent at a time, which is what is lost at most. */
const filesAtOnce = 16;

interface Bucket {
  /** Its instance, by a way on which what is sent is counted. */
  readonly url: string;
  /** The local folder in which its objects are files. */
  readonly folder: string;
  /** Runs the program as a process that is killed once so many bytes were sent. */
  killedAfter(here: Atlas, bytes: number, words: readonly string[]): Promise<void>;
  /** Bytes that `work` sends. */
  sentBy(work: () => Promise<unknown>): Promise<number>;
}

/** Runs `work` with an instance whose rows and bytes are in a new bucket. */
async function withBucket(here: Atlas, work: (bucket: Bucket) => Promise<void>): Promise<void> {
  const server = await s3Server();
  const name = await server.bucket();
  let onSent = () => {};
  const proxy = countingProxy(server.endpoint, () => onSent());
  try {
    const url = `s3://${name}/atlas?endpoint_url=${proxy.endpoint}`;
    const keeper = atlasAt(`${here.root}-keeper`, `${here.home}-keeper`, { environment: s3Keys });
    for (const folder of [keeper.root, keeper.home]) Deno.mkdirSync(folder);
    await keeper.lamin("init", "--storage", url);
    await work({
      url,
      folder: `${server.folderOf(name)}/atlas`,
      killedAfter: async (here, bytes, words) => {
        const [start, before] = [proxy.sent(), proxy.connections()];
        const child = spawn(here, words);
        onSent = () => {
          if (proxy.sent() - start < bytes) return;
          onSent = () => {};
          child.kill("SIGKILL");
        };
        const { signal, stderr } = await child.output();
        assert.equal(signal, "SIGKILL", new TextDecoder().decode(stderr));
        const others = new Set(before);
        await Promise.all(proxy.connections().filter((one) => !others.has(one)));
      },
      sentBy: async (work) => {
        const start = proxy.sent();
        await work();
        return proxy.sent() - start;
      },
    });
    assert.deepEqual(await keeper.json("fsck", "--deep"), []);
    for (const folder of [keeper.root, keeper.home]) Deno.removeSync(folder, { recursive: true });
  } finally {
    proxy.stop();
  }
}

function spawn({ root, home }: Atlas, words: readonly string[]): Deno.ChildProcess {
  const { program, args } = command();
  return new Deno.Command(program, {
    args: [...args, ...words],
    cwd: root,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: home, DENO_DIR: denoFolder(), ...s3Keys },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

const missing = noS3Server ?? ownPlaces;

test(
  "a push to a bucket that is killed at 10, 50 and 90 % sends only the rest",
  missing,
  () =>
    withWorkspace(async ({ root, home }) => {
      const here = atlasAt(root, home, { environment: s3Keys });
      await here.lamin("init");
      await fill(here);
      for (const share of shares) {
        await withBucket(here, async ({ url, folder, killedAfter, sentBy }) => {
          const words = ["push", url, "--json"];
          await killedAfter(here, share * count * fileBytes, words);
          // The server may be at work on what it got.
          const restMost = count * fileBytes - storedBytes(folder);
          let rest = 0;
          const sent = await sentBy(async () => {
            rest = JSON.parse(await here.lamin(...words)).bytes;
          });
          assert.ok(rest <= restMost, `${rest} bytes, of which ${restMost} were not there`);
          const underWay = filesAtOnce * fileBytes;
          assert.ok(
            rest <= (1 - share) * count * fileBytes + underWay,
            `${rest} bytes at ${share}`,
          );
          assert.ok(sent < rest + besidesBytes, `${sent} bytes sent for ${rest}`);
          assert.equal(storedBytes(folder), count * fileBytes);
        });
      }
    }),
);

/** What is sent at once, and how many at a time. */
const partBytes = 8 * mebibyte;
const partsAtOnce = 4;

test(
  "of a large file, parts that a killed push sent are not sent again",
  missing,
  () =>
    withWorkspace(async ({ root, home }) => {
      const here = atlasAt(root, home, { environment: s3Keys });
      await here.lamin("init");
      const total = (soak ? 128 : 16) * partBytes;
      here.write("large.bin", noise(1, total));
      await here.lamin("add", "--link", "large.bin");
      await withBucket(here, async ({ url, killedAfter, sentBy }) => {
        const words = ["push", url, "--json"];
        await killedAfter(here, 0.75 * total, words);
        const sent = await sentBy(() => here.lamin(...words));
        const kept = 0.75 * total - partsAtOnce * partBytes;
        assert.ok(sent <= total - kept + besidesBytes, `${sent} bytes of ${total}`);
      });
    }),
);
