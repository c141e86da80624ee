import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { FileHasher, FileStat, HashedRow, Host } from "../../../store/host/host.ts";
import { bytes, type HostCase, pattern } from "./case.ts";

/** Reading and hashing on another thread. */
export const hasherCases: readonly HostCase[] = [
  {
    name: "another thread gives the digests of files, in whatever order they are asked for",
    run: (world) =>
      withHasher(world.host, async (hasher) => {
        const { host: { files }, at } = world;
        const contents = [bytes(""), bytes("abc"), pattern(200_000), pattern(65_537)];
        contents.forEach((content, nth) => files.writeFile(at(`ä🧬 ${nth}`), content));
        const asked = contents.map((_, nth) => fileAt(world.host, at(`ä🧬 ${nth}`)));
        const [forward, backward] = await Promise.all([
          hasher.hash(asked),
          hasher.hash(asked.toReversed()),
        ]);
        const { digest } = await world.host.hashing();
        contents.forEach((content, nth) => {
          for (const given of [forward(nth), backward(contents.length - 1 - nth)]) {
            const [sha256, md5] = [digest("sha256", content), digest("md5", content)];
            assert.equal(given!.sha256, Buffer.from(sha256).toString("hex"));
            assert.equal(given!.md5, Buffer.from(md5).toString("base64url"));
          }
        });
        assert.equal((await hasher.hash([]))(0), undefined);
      }),
  },
  {
    name: "another thread leaves out what it cannot read, and what is another file by now",
    run: (world) =>
      withHasher(world.host, async (hasher) => {
        const { host, host: { files }, at } = world;
        const names = ["sound", "gone", "longer", "shorter", "older", "other", "folder"];
        for (const name of names) files.writeFile(at(name), bytes("content"));
        files.remove(at("folder"));
        files.makeDirectory(at("folder"));
        const asked = names.map((name) => fileAt(host, at(name)));
        files.remove(at("gone"));
        files.writeFile(at("longer"), bytes("content and more"));
        files.writeFile(at("shorter"), bytes("con"));
        asked[4] = changed(asked[4]!, { modifiedMs: asked[4]!.stat.modifiedMs - 1000 });
        asked[5] = changed(asked[5]!, { inode: asked[5]!.stat.inode + 1 });
        const digestsOf = await hasher.hash(asked);
        const read = names.filter((_, nth) => digestsOf(nth) !== undefined);
        assert.deepEqual(read, ["sound"]);
      }),
  },
  {
    name: "another thread that was ended reads nothing more, and nobody waits for it",
    run: (world) =>
      withHasher(world.host, async (hasher) => {
        world.host.files.writeFile(world.at("file"), bytes("content"));
        const asked = [fileAt(world.host, world.at("file"))];
        await hasher.close();
        assert.equal((await hasher.hash(asked))(0), undefined);
      }),
  },
  {
    name: "another thread hashes the parts of what passes by, however it is cut",
    run: async ({ host }) => {
      const { digest } = await host.hashing();
      const whole = pattern(3 * 65_536 + 17);
      const parts = [0, 1, 2, 3].map((nth) => whole.subarray(nth * 65_536, (nth + 1) * 65_536));
      const expected = parts.map((part) => [...digest("sha256", part)]);
      for (const step of [1000, 65_536, 70_001, whole.length]) {
        const hasher = await host.partHasher(65_536);
        if (hasher === undefined) return;
        // What is handed over is written over afterwards, as readers do with their buffer.
        const buffer = new Uint8Array(step);
        for (let offset = 0; offset < whole.length; offset += step) {
          const piece = whole.subarray(offset, offset + step);
          buffer.set(piece);
          await hasher.update(buffer.subarray(0, piece.length));
        }
        assert.deepEqual((await hasher.digests())?.map((part) => [...part]), expected);
      }
    },
  },
  {
    name: "another thread that was ended gives no digests of parts",
    run: async ({ host }) => {
      const hasher = await host.partHasher(1000);
      if (hasher === undefined) return;
      await hasher.update(pattern(10));
      await hasher.close();
      for (let nth = 0; nth < 20; nth++) await hasher.update(pattern(10));
      assert.equal(await hasher.digests(), undefined);
    },
  },
  {
    name: "another thread reads and hashes rows, query by query, but for those not in words",
    run: async ({ host, at }) => {
      const { DatabaseSync } = await import("node:sqlite");
      const database = new DatabaseSync(at("rows.db"));
      database.exec(`CREATE TABLE many (id INTEGER PRIMARY KEY, uid, words);
        WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 4500)
        INSERT INTO many SELECT 2 * id, 'u' || id, json_array(id) FROM n;
        UPDATE many SET words = NULL WHERE id = 4; UPDATE many SET uid = NULL WHERE id = 6;
        UPDATE many SET words = '["untold"]' WHERE id = 8;`);
      database.close();
      const sql = "SELECT id, uid AS identity, words FROM many WHERE id > ? ORDER BY id LIMIT ?";
      const queries = [{ sql, hasUid: true }, { sql, hasUid: false }];
      const hasher = await host.rowHasher(at("rows.db"), queries, 20, "untold");
      if (hasher === undefined) return;
      const { textSha256 } = await host.hashing();
      const hashed = (text: string) => textSha256(text).slice(0, 20);
      try {
        for (const { hasUid } of queries) {
          const told: HashedRow[] = [];
          for await (const some of hasher.rows()) told.push(...some);
          assert.equal(told.length, 4500);
          told.forEach((row, index) => {
            const identity = hasUid ? `u${index + 1}` : hashed(`u${index + 1}`);
            const isOdd = index > 0 && index < 4;
            assert.deepEqual(row, isOdd ? null : [identity, hashed(`[${index + 1}]`)]);
          });
        }
      } finally {
        await hasher.close();
      }
    },
  },
  {
    name: "another thread that cannot read rows says so",
    run: async ({ host, at }) => {
      const queries = [{ sql: "SELECT 1 WHERE ? < ?", hasUid: true }];
      const hasher = await host.rowHasher(at("nothing.db"), queries, 20, "untold");
      if (hasher === undefined) return;
      await assert.rejects(async () => await Array.fromAsync(hasher.rows()));
      await hasher.close();
    },
  },
];

interface Asked {
  readonly path: string;
  readonly stat: FileStat;
}

function fileAt(host: Host, path: string): Asked {
  return { path, stat: host.files.lstat(path)! };
}

function changed({ path, stat }: Asked, change: Partial<FileStat>): Asked {
  return { path, stat: { ...stat, ...change } };
}

/** Does nothing on a machine with one processor, where there is no other thread. */
async function withHasher(host: Host, work: (hasher: FileHasher) => Promise<void>): Promise<void> {
  const hasher = await host.fileHasher();
  if (hasher === undefined) return;
  try {
    await work(hasher);
  } finally {
    await hasher.close();
  }
}
