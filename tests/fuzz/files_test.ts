/** Files that change while they are added, and what is no file at all. */
import assert from "node:assert/strict";
import { type Atlas, withAtlas } from "../cli/atlas.ts";
import { say } from "../cli/in_process.ts";
import { loadedVerbs } from "../cli/manners_world.ts";
import { command, denoFolder } from "../lamin.ts";
import { soak } from "../soak.ts";
import { testEnvironment } from "../test_database.ts";
import { changing } from "./changing_files.ts";
import { faultsOf } from "./manners.ts";

const add = loadedVerbs.find(({ name }) => name === "add")!;

/** What may happen to a file at any moment. */
const changes: Readonly<Record<string, (path: string) => void>> = {
  "it grows": (path) => Deno.writeTextFileSync(path, "more", { append: true }),
  "it shrinks": (path) => Deno.truncateSync(path, 3),
  "it is emptied": (path) => Deno.truncateSync(path, 0),
  "it is written over": (path) => overwrite(path),
  "another one takes its name": (path) => {
    Deno.writeTextFileSync(`${path}.new`, Deno.readTextFileSync(path).replaceAll("a", "b"));
    Deno.renameSync(`${path}.new`, path);
  },
  "it vanishes": (path) => Deno.removeSync(path),
  "a folder takes its place": (path) => {
    Deno.removeSync(path);
    Deno.mkdirSync(path);
  },
  "a link takes its place": (path) => {
    Deno.removeSync(path);
    Deno.symlinkSync("/etc/hostname", path);
  },
};

function overwrite(path: string): void {
  const file = Deno.openSync(path, { write: true });
  file.writeSync(new TextEncoder().encode("bbb"));
  file.close();
}

function contentOf(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}

/**
 * Makes the change before each call in turn: whatever is recorded, the file had at some moment, and
 * another file of the same command is added all the same.
 */
async function tryEachMoment(atlas: Atlas, what: string, content: string, key: string) {
  const change = changes[what]!;
  for (let moment = 1;; moment++) {
    const folder = `${what.replaceAll(" ", "-")}-${content.length}-${moment}`;
    const path = atlas.path(`${folder}/${key}`);
    atlas.write(`${folder}/${key}`, content);
    Deno.utimeSync(path, 1e9, 1e9);
    const moments = changing(path, moment, () => change(path));
    const other = `${folder}/other.csv`;
    atlas.write(other, `beside ${folder}`);
    const words = [`${folder}/${key === "a.csv" ? "a.csv" : "x.zarr"}`, other];
    const place = { folder: atlas.root, home: atlas.home, wrap: moments.wrap };
    const said = await say(place, "add", ...words);
    const shown = `${what}, call ${moment}: ${said.code} ${said.stderr}`;
    assert.deepEqual(faultsOf(add, words, said), [], shown);
    if (/a\.csv|x\.zarr/.test(said.stdout)) {
      const inner = key === "a.csv" ? [] : ["--path", "0/0"];
      const cat = await atlas.run("cat", words[0]!, ...inner);
      assert.equal(cat.code, 0, `${shown}: ${cat.stderr}`);
      const known = [content, isLink(path) ? undefined : contentOf(path)];
      assert.ok(known.includes(cat.stdout), `${shown}: never had that`);
    } else {
      // A link that is named is followed, and so may lead outside: then nothing is begun. In a
      // folder without files there is nothing to add.
      const isOutside = /lies outside/.test(said.stderr);
      if (!isOutside && said.code !== 0) assert.match(said.stderr, /not added: /, shown);
      if (isOutside) assert.equal(said.stdout, "", shown);
      else assert.equal(await atlas.lamin("cat", other), `beside ${folder}`, shown);
    }
    if (moments.count() < moment) return moment;
  }
}

Deno.test("files: one that changes while it is added is left out, or taken as it was", async () => {
  await withAtlas(async (atlas) => {
    const small = "a".repeat(100);
    const large = "a".repeat(4.5 * 1024 * 1024);
    for (const [index, what] of Object.keys(changes).entries()) {
      const calls = await tryEachMoment(atlas, what, small, "a.csv");
      assert.ok(calls > 2, `${what}: ${calls}`);
      if (soak || index % 3 === 0) await tryEachMoment(atlas, what, large, "a.csv");
      if (soak || index % 3 === 1) await tryEachMoment(atlas, what, small, "x.zarr/0/0");
    }
    const fsck = await atlas.run("fsck", "--deep");
    assert.equal(fsck.code, 0, fsck.stdout + fsck.stderr);
  });
});

/** Runs lines in a shell, each with a bound on its time; gives what came of each. */
function runBounded(atlas: Atlas, lines: readonly string[][]) {
  const { program, args } = command();
  return lines.map((words) => {
    const { code, stdout, stderr } = new Deno.Command("timeout", {
      args: ["30", program, ...args, ...words],
      cwd: atlas.root,
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        HOME: atlas.home,
        DENO_DIR: denoFolder(),
        NO_COLOR: "1",
        ...testEnvironment,
      },
      stdin: "null",
    }).outputSync();
    const decoder = new TextDecoder();
    return { words, code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  });
}

function shell(atlas: Atlas, script: string): void {
  const { success, stderr } = new Deno.Command("sh", { args: ["-c", script], cwd: atlas.root })
    .outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "files: pipes, sockets, devices and links to nowhere are told, and never waited for",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withAtlas(async (atlas) => {
      atlas.write("a.csv", "x\n");
      await atlas.lamin("add", "a.csv");
      const socket = Deno.listen({ transport: "unix", path: atlas.path("socket") });
      try {
        shell(
          atlas,
          `mkfifo pipe x.csv sub.laminignore && mkdir sub && mv sub.laminignore sub/.laminignore &&
          echo 1 > sub/b.csv && ln -s loop loop && ln -s nowhere dangling && ln -s . here &&
          mkdir z.zarr && mkfifo z.zarr/pipe && echo 1 > z.zarr/0`,
        );
        const answers = runBounded(atlas, [
          ["add", "pipe", "socket", "/dev/zero", "/dev/full", "loop", "dangling"],
          ["add", "."],
          ["status"],
          ["status", "pipe"],
          ["diff", "pipe"],
          ["diff", "a.csv", "/dev/zero"],
          ["get", "a.csv", "--to", "pipe"],
          ["mv", "a.csv", "pipe"],
          ["-C", "pipe", "status"],
        ]);
        for (const { words, code, stdout, stderr } of answers) {
          const name = words[0] === "-C" ? words[2]! : words[0]!;
          const verb = loadedVerbs.find((one) => one.name === name)!;
          const shown = `lamin ${words.join(" ")}: ${code} ${stderr}`;
          assert.deepEqual(faultsOf(verb, words, { code, stdout, stderr }), [], shown);
        }
        const [named, all, status] = answers;
        assert.equal(named!.stderr.match(/^! not added/gm)?.length, 6, named!.stderr);
        assert.match(named!.stderr, /neither a file nor a folder/);
        assert.match(all!.stdout, /sub\/b\.csv/);
        assert.equal(status!.code, 0, status!.stderr);
      } finally {
        socket.close();
      }
    });
  },
});

Deno.test({
  name: "files: folders deeper than a path can be long are told by name",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withAtlas(async (atlas) => {
      const long = "n".repeat(200);
      atlas.write("a.csv", "x\n");
      atlas.write(`${"d/".repeat(400)}b.csv`, "x\n");
      atlas.write(`${"e/".repeat(1000)}c.csv`, "x\n");
      shell(
        atlas,
        `mkdir deep && cd deep && for i in $(seq 25); do mkdir ${long} && cd -P ${long} || exit 1; done
        echo x > d.csv`,
      );
      const added = await atlas.run("add", ".");
      assert.deepEqual(faultsOf(add, ["add", "."], added), [], added.stderr);
      assert.equal(added.code, 1, added.stderr);
      const keys = (await atlas.json("list", "artifact")).map(({ key }) => key).sort();
      assert.deepEqual(keys, ["a.csv", `${"d/".repeat(400)}b.csv`], added.stderr);
      assert.equal(added.stderr.match(/^! not added: /gm)?.length, 2, added.stderr);
      const status = await atlas.run("status");
      assert.equal(status.code, 0, status.stderr);
      shell(atlas, "rm -r deep");
    });
  },
});

Deno.test({
  name: "files: 4 GiB and a byte, sparse, keep their size",
  ignore: !soak || Deno.build.os === "windows",
  fn: async () => {
    await withAtlas(async (atlas) => {
      const size = 2 ** 32 + 1;
      shell(atlas, `truncate -s ${size} big.bin && printf x | dd of=big.bin bs=1 seek=${size - 1}`);
      for (const words of [["--no-copy"], []]) {
        assert.equal((await atlas.run("add", "big.bin", ...words)).code, 0);
        const [row] = await atlas.json("list", "artifact");
        assert.equal(row.size, size);
        assert.deepEqual(await atlas.json("status"), []);
        assert.equal((await atlas.run("get", "big.bin", "--to", "out.bin")).code, 0);
        assert.equal(Deno.statSync(atlas.path("out.bin")).size, size);
        atlas.remove("out.bin");
      }
      assert.equal((await atlas.run("fsck", "--deep")).code, 0);
    });
  },
});

Deno.test({
  name: "files: a folder of 20,000 names",
  ignore: !soak,
  fn: async () => {
    await withAtlas(async (atlas) => {
      for (let index = 0; index < 20_000; index++) atlas.write(`many/${index}.csv`, `${index}`);
      assert.equal((await atlas.run("add", "many")).code, 0);
      assert.deepEqual(await atlas.json("status"), []);
      assert.equal((await atlas.run("cat", "many/19999.csv")).stdout, "19999");
    });
  },
});
