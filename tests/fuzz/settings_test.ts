/** Settings, marks and the cache of hashes, garbled: said or passed over, and never in the way. */
import assert from "node:assert/strict";
import { type Place, say } from "../cli/in_process.ts";
import { forEachVerb, type World } from "../cli/manners_world.ts";
import { random, seeded } from "../seed.ts";
import { rounds, soak } from "../soak.ts";
import { linesOf } from "./database_lines.ts";
import { faultsOf } from "./manners.ts";

type Garble = (path: string, next: () => number) => void;

/** What can stand under the name of a small file. */
const garbles: Readonly<Record<string, Garble>> = {
  "nothing": () => {},
  "an empty file": (path) => Deno.writeFileSync(path, new Uint8Array()),
  "noise": (path, next) =>
    Deno.writeFileSync(path, Uint8Array.from({ length: 2000 }, () => next() * 256)),
  "no UTF-8": (path) => Deno.writeFileSync(path, new Uint8Array([0xff, 0xfe, 10, 61, 0xff])),
  "keys without values": (path) =>
    Deno.writeTextFileSync(
      path,
      "lamindb_instance_owner=\nlamindb_instance_name\nlamin_user_uid=\n=\n",
    ),
  "hostile values": (path) =>
    Deno.writeTextFileSync(
      path,
      [
        "lamindb_instance_owner=../../x",
        "lamindb_instance_name='\x1b[2J\u202e'",
        "lamindb_instance_storage_root=/nowhere/at/all",
        "lamindb_instance_db=postgresql://u:p@host:1/x",
        "lamindb_instance_id=zz",
        "lamin_user_uid=\x1b[31m",
        "lamin_user_handle=\x07bell",
        "lamin_user_name=" + "n".repeat(100_000),
        "instance_slug=../..\n\n",
        "__proto__=1",
        "constructor=1",
      ].join("\n"),
    ),
  "a quote that does not end": (path) =>
    Deno.writeTextFileSync(path, "lamindb_instance_owner='a\nlamindb_instance_name=b\n".repeat(50)),
  "a line of a megabyte": (path) => Deno.writeTextFileSync(path, "x=".repeat(1 << 19)),
  "a folder": (path) => Deno.mkdirSync(path),
  "a link to itself": (path) => Deno.symlinkSync(path, path),
  "a link to nowhere": (path) => Deno.symlinkSync("/nowhere/at/all", path),
  "a pipe": (path) => {
    assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
  },
};

/** The small files that the program reads besides the database, in a world. */
function smallFiles({ root, place }: World): string[] {
  const settings = `${place.home}/.lamin`;
  return [
    `${settings}/current_user.env`,
    `${settings}/current_instance.env`,
    `${settings}/instance--anonymous--atlas.env`,
    `${root}/.lamin/current_instance`,
    `${root}/.lamin/current_branch`,
    `${root}/.lamindb/storage_uid.txt`,
    `${root}/.laminignore`,
    `${root}/a/.laminignore`,
    `${root}/.lamindb/work_index.db`,
  ];
}

Deno.test({
  name: "settings: whatever stands under the name of a small file, verbs stay calm",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await seeded(async (seed) => {
      const next = random(seed);
      await forEachVerb({ chosen: ({ name }) => name === "show" }, async (_, world) => {
        for (const path of smallFiles(world)) {
          for (const [what, garble] of Object.entries(garbles)) {
            if (!soak && next() > 0.12) continue;
            await withGarbled(
              path,
              (name) => garble(name, next),
              () => calm(world, path, what, next),
            );
          }
        }
      });
    });
  },
});

/** Runs `work` with something else at a path, and puts back what was there. */
async function withGarbled(
  path: string,
  garble: (path: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const before = contentOf(path);
  remove(path);
  garble(path);
  try {
    await work();
  } finally {
    remove(path);
    if (before !== undefined) Deno.writeFileSync(path, before);
  }
}

function contentOf(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  for (const one of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      Deno.removeSync(one, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function calm(world: World, path: string, what: string, next: () => number): Promise<void> {
  const reading = /^(status|info|list|show|log|cat|connect|config|diff|__complete)$/;
  const lines = linesOf(world).filter(({ verb }) => reading.test(verb.name));
  const elsewhere: Place = { ...world.place, folder: world.place.home };
  for (const { verb, words } of lines) {
    if (next() > (soak ? 1 : 0.4)) continue;
    for (const place of [world.place, elsewhere]) {
      const said = await say(place, verb.name, ...words);
      const shown = `${what} at ${path}: lamin ${verb.name} ${words.join(" ")}: ${said.code} `;
      assert.deepEqual(faultsOf(verb, words, said), [], shown + said.stderr.slice(0, 1500));
    }
  }
}

Deno.test({
  name: "settings: without a sound cache of hashes the answers are the same",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await seeded(async (seed) => {
      const next = random(seed);
      await forEachVerb({ chosen: ({ name }) => name === "show" }, async (_, { place, root }) => {
        Deno.writeTextFileSync(`${root}/new.csv`, "n\n");
        const path = `${root}/.lamindb/work_index.db`;
        const expected = (await say(place, "status", "--json")).stdout;
        const whole = Deno.readFileSync(path);
        const flipped = (name: string) => {
          const bytes = whole.slice();
          for (let turn = 0; turn < 4; turn++) {
            bytes[Math.floor(next() * bytes.length)]! ^= 1 << (next() * 8);
          }
          Deno.writeFileSync(name, bytes);
        };
        const flips = Array.from(
          { length: rounds(4, 200) },
          (_, turn) => [`flip ${turn}`, flipped],
        );
        const all = [...Object.entries(garbles), ...flips] as [string, Garble][];
        for (const [what, garble] of all) {
          await withGarbled(path, (name) => garble(name, next), async () => {
            const { code, stdout, stderr } = await say(place, "status", "--json");
            assert.deepEqual([code, stdout, stderr], [0, expected, ""], what);
          });
        }
      });
    });
  },
});
