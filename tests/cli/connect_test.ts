import assert from "node:assert/strict";
import { withInstance, withPythonInstance, withWorkspace, type Workspace } from "../lamin.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

const settingsOf = ({ home }: Workspace, name: string) =>
  Deno.readTextFileSync(`${home}/.lamin/${name}`);

Deno.test("connect: a moved instance of Python is found again, by lamin and by its settings", async () => {
  await withPythonInstance("lamindb-2.12.1", async (workspace) => {
    const { root, run, lamin, json } = workspace;
    const [before] = await json("info");
    assert.equal(before.moved_from, "/data/demo-lab");
    assert.equal(before.python_settings, null);
    assert.match(before.remedy, /lamin connect/);

    const connected = await run(["connect", root, "--json"], { folder: ".." });
    assert.equal(connected.code, 0, connected.stderr);
    assert.match(connected.stderr, /it was in \/data\/demo-lab before/);
    assert.equal(JSON.parse(connected.stdout).slug, "anonymous/demo-lab");
    const text = settingsOf(workspace, "instance--anonymous--demo-lab.env");
    assert.match(text, new RegExp(`^lamindb_instance_storage_root=${root}$`, "m"));
    assert.match(text, /^lamindb_instance_id=cee11f599e6850d2930dec98fbd5d1cc$/m);
    assert.match(text, /^lamindb_instance_schema_str=bionty$/m, "its rows show that it has bionty");
    assert.equal(settingsOf(workspace, "current_instance.env"), text);

    const [after] = await json("info");
    assert.equal(after.moved_from, null);
    assert.equal(after.remedy, null);
    assert.equal(after.storages[0].root, root);
    // The change of the row is an operation like any other.
    assert.match(await lamin("op", "log"), /connect/);
    const again = await run(["connect", "anonymous/demo-lab"], { folder: "../home" });
    assert.deepEqual([again.code, again.stderr], [0, ""]);
  });
});

test(
  "connect: says which instance is current and why; disconnect takes it back",
  onlySqlite,
  async () => {
    await withInstance(async ({ run, root, home, write }) => {
      const current = async (folder: string, environment: Record<string, string> = {}) => {
        const { code, stdout } = await run(["connect", "--json"], { folder, environment });
        return code === 0 ? JSON.parse(stdout).by : code;
      };
      write("deep/a.csv", "1\n");
      assert.equal(await current("deep"), "folder");
      assert.equal(await current("../home"), 10);
      assert.equal(
        await current("../home", { LAMIN_CURRENT_INSTANCE: "anonymous/atlas" }),
        "environment",
      );
      assert.equal((await run(["connect", "../atlas"], { folder: "../home" })).code, 0);
      assert.equal(await current("../home"), "settings");
      assert.equal((await run(["disconnect"])).code, 0);
      assert.equal(await current("../home"), 10);
      const twice = await run(["disconnect"]);
      assert.deepEqual([twice.code, twice.stdout], [0, ""]);
      assert.match(twice.stderr, /nothing was connected/);
      assert.ok(Deno.statSync(`${home}/.lamin/instance--anonymous--atlas.env`).isFile);
      assert.ok(Deno.statSync(`${root}/.lamindb/lamin.db`).isFile);
    });
  },
);

test("connect: a slug names its instance also from inside another one", onlyLocal, async () => {
  await withWorkspace(async ({ run, root }) => {
    for (const name of ["one", "two"]) assert.equal((await run(["init", name])).code, 0);
    const inside = { folder: "one" };
    const named = await run(["-C", "anonymous/two", "info", "--json"], inside);
    assert.equal(JSON.parse(named.stdout).root, `${root}/two`);
    const environment = { LAMIN_CURRENT_INSTANCE: "anonymous/two" };
    const chosen = await run(["info", "--json"], { ...inside, environment });
    assert.equal(JSON.parse(chosen.stdout).root, `${root}/two`);
    assert.equal((await run(["-C", "anonymous/three", "info"], inside)).code, 10);
    const connected = await run(["connect", "anonymous/two"], inside);
    assert.match(connected.stderr, /in this folder the instance in .*one stays current/);
  });
});

test(
  "connect --here: a folder belongs to an instance elsewhere, until disconnect --here",
  onlySqlite,
  async () => {
    await withWorkspace(async ({ run, root, write, home }) => {
      assert.equal((await run(["init", "store"])).code, 0);
      write("project/deep/a.csv", "1\n");
      const here = { folder: "project" };
      assert.equal((await run(["connect", "anonymous/store", "--here"], here)).code, 0);
      assert.equal(
        Deno.readTextFileSync(`${root}/project/.lamin/current_instance`),
        "anonymous/store",
      );
      const added = await run(["add", "a.csv", "--json"], { folder: "project/deep" });
      assert.equal(JSON.parse(added.stdout).key, "deep/a.csv");
      assert.equal((await run(["init", "other"])).code, 0);
      const taken = await run(["connect", "anonymous/store", "--here"], { folder: "other" });
      assert.equal(taken.code, 1);
      assert.match(taken.stderr, /another instance/);

      Deno.writeTextFileSync(`${root}/project/.lamin/current_branch`, "mmmmmmmmmmmm\nmain");
      assert.equal((await run(["disconnect", "--here"], { folder: "project/deep" })).code, 0);
      assert.equal((await run(["connect"], here)).code, 10);
      assert.equal(Deno.readTextFileSync(`${root}/project/deep/a.csv`), "1\n");
      assert.throws(() => Deno.statSync(`${root}/project/.lamin/current_branch`));
      assert.equal(
        (await run(["connect", `${root}/store`, "--here"], { folder: "../home" })).code,
        2,
      );
      assert.throws(() => Deno.statSync(`${home}/.lamin/current_instance`));
    });
  },
);

test("connect: writes through no link and keeps what others noted", onlySqlite, async () => {
  await withWorkspace(async ({ run, root, home }) => {
    assert.equal((await run(["init", "store"])).code, 0);
    Deno.mkdirSync(`${root}/victim`);
    Deno.mkdirSync(`${root}/project`);
    Deno.symlinkSync(`${root}/victim`, `${root}/project/.lamin`);
    const refused = await run(["connect", "anonymous/store", "--here"], { folder: "project" });
    assert.equal(refused.code, 12);
    assert.deepEqual([...Deno.readDirSync(`${root}/victim`)], []);

    const file = `${home}/.lamin/instance--anonymous--store.env`;
    const noted = Deno.readTextFileSync(file).replace(
      "lamindb_instance_git_repo=null",
      "lamindb_instance_git_repo=https://example.org/code",
    );
    Deno.writeTextFileSync(file, noted);
    Deno.renameSync(`${root}/store`, `${root}/it's # here`);
    assert.equal((await run(["connect", `${root}/it's # here`])).code, 0);
    const written = Deno.readTextFileSync(file);
    assert.match(written, /^lamindb_instance_git_repo=https:\/\/example\.org\/code$/m);
    assert.ok(written.includes(`lamindb_instance_storage_root='${root}/it\\'s # here'`), written);
    const found = await run(["-C", "anonymous/store", "info", "--json"]);
    assert.equal(JSON.parse(found.stdout).root, `${root}/it's # here`);
  });
});

test(
  "connect: a slug that belongs to another instance is left to it; a copy is told",
  onlySqlite,
  async () => {
    await withWorkspace(async ({ run, root }) => {
      // Two instances of one name, made on two machines.
      assert.equal((await run(["init", "one", "--name", "atlas"])).code, 0);
      const elsewhere = { environment: { LAMIN_SETTINGS_DIR: `${root}/settings` } };
      assert.equal((await run(["init", "two", "--name", "atlas"], elsewhere)).code, 0);
      const clash = await run(["connect", "two", "--json"]);
      assert.equal(clash.code, 1);
      const error = JSON.parse(clash.stderr);
      assert.deepEqual([error.error, error.slug], ["conflict", "anonymous/atlas"]);
      const info = await run(["-C", "anonymous/atlas", "info", "--json"]);
      assert.equal(JSON.parse(info.stdout).root, `${root}/one`);

      const copied = await new Deno.Command("cp", { args: ["-r", `${root}/one`, `${root}/copy`] })
        .output();
      assert.ok(copied.success);
      const copy = await run(["connect", "copy"]);
      assert.equal(copy.code, 0);
      assert.match(copy.stderr, /the one in .*one is still there/);
    });
  },
);

test("connect: a hostile name in a mark names no file", onlyLocal, async () => {
  await withWorkspace(async ({ run, root, home }) => {
    assert.equal((await run(["init", "store"])).code, 0);
    const mark = `${root}/store/.lamindb/storage_uid.txt`;
    const text = Deno.readTextFileSync(mark);
    for (const slug of ["..\\..\\evil/x", "a\x1b[31m/x", ".hidden/x", "a/b c"]) {
      Deno.writeTextFileSync(mark, text.replace(/instance_slug=.*/, `instance_slug=${slug}`));
      const { code, stderr } = await run(["connect", "store"]);
      assert.equal(code, 13, slug);
      assert.ok(!stderr.includes("\x1b"), stderr);
    }
    const files = [...Deno.readDirSync(`${home}/.lamin`)].map((entry) => entry.name);
    assert.deepEqual(files, ["instance--anonymous--store.env"]);
  });
});

Deno.test("connect: an instance of an older LaminDB is connected for reading", async () => {
  await withPythonInstance("lamindb-1.1.0", async (workspace) => {
    const { root, run } = workspace;
    const { code, stderr, stdout } = await run(["connect", root], { folder: "../home" });
    assert.equal(code, 14);
    assert.match(stdout, /connected anonymous\/old-lab/);
    assert.match(stderr, /older than this program knows/);
    assert.match(
      settingsOf(workspace, "instance--anonymous--old-lab.env"),
      /^lamindb_instance_id=1138e72564115612ac6360eeeeab8057$/m,
    );
    const info = await run(["-C", "anonymous/old-lab", "info", "--json"], { folder: "../home" });
    const { schema, moved_from, counts } = JSON.parse(info.stdout);
    assert.deepEqual([schema.state, moved_from], ["older", "/data/old-lab"]);
    assert.ok(counts.artifacts > 0);
  });
});
