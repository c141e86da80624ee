import assert from "node:assert/strict";
import { branchStatuses } from "../../core/branch/change_branch.ts";
import { withRaw } from "../raw_database.ts";
import { notesFolder } from "../test_database.ts";
import { type Atlas, withAtlas } from "./atlas.ts";

async function add(atlas: Atlas, path: string, content: string): Promise<string> {
  atlas.write(path, content);
  const [added] = await atlas.json("add", path);
  return added.uid;
}

/** Keys with their versions and branches, `*` at the latest one. */
function versions({ root }: Atlas): string[] {
  return withRaw(root, (database) =>
    database.all(
      `SELECT artifact.key, artifact.uid, artifact.is_latest, branch.name
       FROM lamindb_artifact AS artifact JOIN lamindb_branch AS branch
         ON branch.id = artifact.branch_id ORDER BY artifact.key, artifact.id`,
    ).map(({ key, uid, is_latest, name }) =>
      `${key}@${Number(String(uid).slice(-4))} ${name}${is_latest ? "*" : ""}`
    ));
}

Deno.test("branch: make, list, switch, rename, describe, delete", async () => {
  await withAtlas(async (atlas) => {
    const { lamin, json, run, read } = atlas;
    await add(atlas, "a.csv", "1");
    const [made] = await json("branch", "draft");
    assert.deepEqual([made.name, made.status, made.uid.length], ["draft", "standalone", 12]);
    const listed = await json("branch");
    assert.deepEqual(
      listed.map(({ name, is_current, artifacts }) => [name, is_current, artifacts]),
      [["main", true, 1], ["draft", false, 0], ["archive", false, 0], ["trash", false, 0]],
    );
    assert.match(await lamin("branch"), /^\* {2}main +standalone +1 /m);
    assert.equal(await lamin("switch", "DRAFT"), "switched to draft\n", "whatever the case");
    assert.equal(read(".lamin/current_branch"), `${made.uid}\ndraft`);
    assert.equal((await json("info"))[0].branch, "draft");
    await json("branch", "--rename", "cleaned", "--status", "review", "--description", "no dust");
    assert.equal(read(".lamin/current_branch"), `${made.uid}\ncleaned`);
    const [, cleaned] = await json("branch");
    assert.deepEqual(
      [cleaned.name, cleaned.status, cleaned.description, cleaned.is_current],
      ["cleaned", "review", "no dust", true],
    );
    const current = await run("branch", "cleaned", "--delete");
    assert.deepEqual([current.code, current.stdout], [1, ""]);
    assert.match(current.stderr, /is the current branch/);
    await lamin("switch", "main");
    await lamin("branch", "cleaned", "--delete");
    assert.equal((await json("branch")).length, 3);
    await lamin("undo");
    assert.equal((await json("branch"))[1].uid, made.uid, "it is back");
  });
});

Deno.test("branch: what a name cannot be, and what every instance has", async () => {
  await withAtlas(async ({ run, lamin }) => {
    await lamin("branch", "draft");
    const codes = async (...lines: string[][]) => {
      const said = [];
      for (const words of lines) said.push((await run(...words)).code);
      return said;
    };
    assert.deepEqual(
      await codes(
        ["branch", "Draft"],
        ["branch", "MAIN"],
        ["switch", "-c", "draft"],
        ["switch", "nowhere"],
        ["merge", "nowhere"],
      ),
      [1, 1, 1, 1, 1],
    );
    assert.deepEqual(
      await codes(
        ["branch", " draft "],
        ["branch", "two\nlines"],
        ["branch", "x".repeat(101)],
        ["switch", "trash"],
        ["switch", "archive"],
        ["merge", "main"],
        ["merge", "trash"],
        ["merge", "draft", "--into", "trash"],
        ["merge", "draft", "--into", "draft"],
        ["branch", "main", "--delete"],
        ["branch", "trash", "--rename", "bin"],
        ["branch", "main", "--status", "merged"],
        ["branch", "--delete"],
        ["branch", "draft", "--delete", "--status", "closed"],
        ["create", "project", "draft"],
        ["update", "branch"],
      ),
      Array(16).fill(2),
    );
    assert.match((await run("switch", "drafd")).stderr, /did you mean 'draft'/);
    assert.match((await run("merge", "draft", "--into", "draft")).stderr, /into itself/);
  });
});

Deno.test("branch: Python's spellings", async () => {
  await withAtlas(async ({ lamin, json }) => {
    await lamin("create", "branch", "draft");
    await lamin("switch", "branch", "draft");
    for (const status of branchStatuses) {
      await lamin("update", "branch", "--name", "draft", "--status", status);
      assert.equal((await json("branch"))[1].status, status);
    }
    assert.equal((await json("list", "branch", "status=closed"))[0].name, "draft");
  });
});

Deno.test("branch: what is recorded there is seen there alone, until it is merged", async () => {
  await withAtlas(async (atlas) => {
    const { lamin, json, read } = atlas;
    const first = await add(atlas, "a.csv", "1");
    await lamin("switch", "-c", "draft");
    assert.deepEqual(await json("status"), [], "main shows through");
    const second = await add(atlas, "a.csv", "2");
    await add(atlas, "new.csv", "n");
    assert.deepEqual(versions(atlas), ["a.csv@0 main*", "a.csv@1 draft*", "new.csv@0 draft*"]);
    assert.deepEqual(await json("status"), []);
    assert.equal(await lamin("cat", "a.csv"), "2");
    assert.equal((await json("list", "artifact", "key=new.csv")).length, 1);
    await lamin("switch", "main");
    assert.deepEqual(
      (await json("status")).map(({ path, status }) => [path, status]),
      [["a.csv", "modified"], ["new.csv", "new"]],
    );
    assert.equal(await lamin("cat", "a.csv"), "1");
    assert.equal((await json("list", "artifact", "key=new.csv")).length, 0);
    const [got] = await json("get", "a.csv", "--force");
    assert.deepEqual([got.uid, read("a.csv")], [first, "1"]);
    const events = (await json("log", "a.csv")).map(({ event, branch }) => [event, branch]);
    assert.deepEqual(events, [["new version", "draft"], ["added", "main"]]);
    await lamin("merge", "draft");
    assert.deepEqual(versions(atlas), ["a.csv@0 main", "a.csv@1 main*", "new.csv@0 main*"]);
    assert.equal((await json("list", "artifact", "key=a.csv"))[0].uid, second);
    const [moved] = await json("list", "artifact", "key=new.csv");
    assert.deepEqual([moved.branch_id, moved.created_on_id], [1, 2], "where it was made stays");
  });
});

Deno.test("branch: content that another branch has is recorded where it is added", async () => {
  await withAtlas(async (atlas) => {
    const { lamin, json } = atlas;
    const clean = async () => assert.deepEqual(await json("status"), []);
    await add(atlas, "a.csv", "1");
    await add(atlas, "a.csv", "2");
    await lamin("switch", "-c", "draft");
    await add(atlas, "a.csv", "1");
    await clean();
    await lamin("switch", "-c", "third");
    await add(atlas, "a.csv", "1");
    await clean();
    assert.deepEqual(versions(atlas), [
      "a.csv@0 main",
      "a.csv@1 main*",
      "a.csv@2 draft*",
      "a.csv@3 third*",
    ]);
    await add(atlas, "b.csv", "b");
    await lamin("switch", "main");
    await add(atlas, "b.csv", "b");
    await add(atlas, "a.csv", "2");
    await clean();
    await lamin("merge", "draft");
    await lamin("merge", "third");
    assert.deepEqual(versions(atlas).slice(0, 4), [
      "a.csv@0 main",
      "a.csv@1 main",
      "a.csv@2 main",
      "a.csv@3 main*",
    ]);
    assert.deepEqual(await json("fsck", "--deep"), []);
  });
});

Deno.test("branch: rm and restore stay on the branch", async () => {
  await withAtlas(async (atlas) => {
    const { lamin, run, json } = atlas;
    await add(atlas, "a.csv", "1");
    await lamin("switch", "-c", "draft");
    await add(atlas, "a.csv", "2");
    await add(atlas, "b.csv", "b");
    await lamin("rm", "a.csv", "b.csv");
    assert.equal(await lamin("cat", "a.csv"), "1", "main shows through again");
    const [back] = await json("restore", "b.csv");
    assert.equal(back.branch_id, 2);
    await lamin("switch", "main");
    await lamin("restore", "a.csv");
    assert.deepEqual(versions(atlas), ["a.csv@0 main*", "a.csv@1 draft*", "b.csv@0 draft*"]);
    await lamin("switch", "draft");
    const removed = await run("rm", "a.csv@0");
    assert.match(removed.stderr, /1 of them was on main/);
    await lamin("undo");
    // What is merged has gone on to main, and so does what comes back.
    await lamin("rm", "b.csv");
    await lamin("merge", "draft", "--into", "main");
    assert.ok(versions(atlas).includes("b.csv@0 trash*"), "trash stays trash");
    assert.equal((await json("restore", "b.csv"))[0].branch_id, 1);
  });
});

Deno.test("branch: nothing is written through a link that stands for the folder of settings", async () => {
  await withAtlas(async ({ lamin, run, path }) => {
    await lamin("branch", "draft");
    Deno.removeSync(path(".lamin"), { recursive: true });
    Deno.mkdirSync(path("elsewhere"));
    Deno.symlinkSync(path("elsewhere"), path(".lamin"));
    // Where nothing else is here, that folder is what tells of an instance.
    assert.equal((await run("switch", "draft")).code, notesFolder === ".lamin" ? 10 : 12);
    assert.deepEqual([...Deno.readDirSync(path("elsewhere"))], []);
  });
});
