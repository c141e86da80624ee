import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { onlySqlite } from "../test_database.ts";
import { test } from "../skip.ts";
import { say } from "./in_process.ts";
import type { Host } from "../../store/host/host.ts";

/** Enough for another thread to read along. */
const count = 6500;

/** Names in folders for a few files, and a list of them. */
function names(root: string): string {
  const lines: string[] = [];
  for (let nth = 0; nth < count; nth++) {
    const name = `d${Math.floor(nth / 500)}/f${String(nth).padStart(5, "0")}.csv`;
    if (nth % 500 === 0) Deno.mkdirSync(`${root}/d${nth / 500}`);
    if (nth % 100 === 0) Deno.writeTextFileSync(`${root}/${name}`, `${nth}\n`);
    else Deno.linkSync(`${root}/${lines.at(-1)}`, `${root}/${name}`);
    lines.push(name);
  }
  return lines.join("\n");
}

interface Row {
  readonly key: string;
  readonly hash: string;
  readonly size: number;
  readonly sha256: string;
}

/** What a first addition of all of them records, and what it says of one that is not there. */
async function added(wrap: (host: Host) => Host): Promise<Row[]> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  const [root, home] = [`${folder}/atlas`, `${folder}/home`];
  for (const one of [root, home]) Deno.mkdirSync(one);
  try {
    const list = names(root);
    const place = { folder: root, home, wrap };
    assert.equal((await say(place, "init", ".")).code, 0);
    const input = `${list}\nd3/missing.csv\n`;
    const { code, stderr } = await say({ ...place, input }, "add", "--no-copy", "--stdin");
    assert.equal(code, 1);
    assert.match(stderr, /not added: d3\/missing\.csv: it does not exist/);
    const again = await say({ ...place, input: list }, "add", "--no-copy", "--stdin");
    assert.match(again.stdout, new RegExp(`${count} unchanged`));
    const database = new DatabaseSync(`${root}/.lamindb/lamin.db`);
    const rows = database.prepare(
      `SELECT key, artifact.hash, size, sha256 FROM lamindb_artifact AS artifact
       JOIN lamin_content ON artifact_id = artifact.id ORDER BY artifact.id`,
    ).all() as unknown as Row[];
    database.close();
    return rows.map((row) => ({ ...row }));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

test(
  "add: what another thread reads is recorded as if this one had read it",
  onlySqlite,
  async () => {
    let read = 0;
    const counted = (host: Host): Host => ({
      ...host,
      fileHasher: async () => {
        const hasher = await host.fileHasher();
        return hasher && {
          ...hasher,
          hash: async (files) => {
            const digestsOf = await hasher.hash(files);
            // One in ten is left to the command itself.
            return (nth) => nth % 10 === 0 ? undefined : (read++, digestsOf(nth));
          },
        };
      },
    });
    const alone = await added((host) => ({
      ...host,
      fileHasher: () => Promise.resolve(undefined),
    }));
    const together = await added(counted);
    assert.equal(alone.length, count);
    assert.deepEqual(together, alone);
    if (navigator.hardwareConcurrency > 1) assert.ok(read > 0, "another thread read nothing");
  },
);
