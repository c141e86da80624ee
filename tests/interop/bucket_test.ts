import assert from "node:assert/strict";
import { type Machine, withBuckets } from "../cli/bucket_place.ts";
import { missingPostgres, newDatabase } from "../postgres_server.ts";
import { noS3Server } from "../s3_server.ts";
import { test } from "../skip.ts";
import { noPython, python, pythonEnvironment, pythonPath, scripts } from "./python.ts";

const place = ({ folder, home }: Machine) => ({ root: folder, home });

async function fill(machine: Machine): Promise<void> {
  machine.write("raw/a.txt", "first of a");
  machine.write("raw/b.txt", "b");
  await machine.lamin("add", "raw");
  machine.write("raw/a.txt", "second of a");
  await machine.lamin("add", "raw");
}

const expected = { "raw/a.txt": "second of a", "raw/b.txt": "b" };

async function goesOn(machine: Machine): Promise<void> {
  assert.equal(await machine.lamin("cat", "py.txt"), "of Python");
  const [row] = await machine.json("list", "artifact", "key=py.txt");
  assert.equal(row.size, 9);
  machine.write("raw/b.txt", "another b");
  const [next] = await machine.json("add", "raw/b.txt");
  assert.equal(next.status, "new version");
  assert.match(await machine.lamin("fsck", "--deep"), /no damage/);
}

test(
  "interop: Python works on an instance in a bucket, then lamin goes on",
  noPython ?? noS3Server,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--storage", root, "--name", "cloud");
      await fill(here);
      const said = await python(place(here), "use_bucket.py", "of Python", "py.txt");
      assert.deepEqual(said.read, expected);
      assert.match(said.path, /^s3:\/\/bucket-[^/]*\/atlas\/\.lamindb\/\w{20}\.txt$/);
      await goesOn(here);
    });
  },
);

test(
  "interop: while Python holds an instance in a bucket, lamin reads and writes not",
  noPython ?? noS3Server,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--storage", root, "--name", "cloud");
      await fill(here);
      const child = new Deno.Command(pythonPath!, {
        args: [`${scripts}use_bucket.py`, "of Python", "py.txt", "hold"],
        cwd: here.folder,
        env: pythonEnvironment(place(here)),
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; !text.includes("holding");) {
        const { value, done } = await lines.read();
        assert.ok(!done, text);
        text += value;
      }
      assert.equal(await here.lamin("cat", "raw/b.txt"), "b");
      here.write("late.txt", "late");
      const refused = await here.run("add", "late.txt");
      assert.equal(refused.code, 11, refused.stderr);
      assert.match(refused.stderr, /Python's user 00000000 is working on this instance/);
      const input = child.stdin.getWriter();
      await input.write(new TextEncoder().encode("\n"));
      await input.close();
      while (!(await lines.read()).done);
      assert.ok((await child.status).success);
      await here.lamin("add", "late.txt");
      await goesOn(here);
    });
  },
);

test(
  "interop: Python works on rows in Postgres with bytes in a bucket",
  noPython ?? noS3Server ?? missingPostgres(),
  async () => {
    const { url, remove } = await newDatabase();
    try {
      await withBuckets(async ({ root, machine }) => {
        const here = machine("here");
        await here.lamin("init", "--storage", root, "--db", url, "--name", "big");
        await fill(here);
        const said = await python(place(here), "use_bucket.py", "of Python", "py.txt");
        assert.deepEqual(said.read, expected);
        await goesOn(here);
      });
    } finally {
      await remove();
    }
  },
);

test(
  "interop: Python reads what a storage in a bucket took that was switched to",
  noPython ?? noS3Server,
  async () => {
    await withBuckets(async ({ root, machine }) => {
      const here = machine("here");
      await here.lamin("init", "--name", "both");
      here.write("raw/b.txt", "b");
      await here.lamin("add", "raw");
      await here.lamin("storage", "add", root);
      await here.lamin("storage", "switch", root);
      here.write("raw/a.txt", "second of a");
      await here.lamin("add", "raw");
      const said = await python(place(here), "use_bucket.py", "of Python", "py.txt");
      assert.deepEqual(said.read, expected);
      await goesOn(here);
    });
  },
);
