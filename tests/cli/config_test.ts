import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";

Deno.test("config: shows settings, in lamin's order of words and in Python's", async () => {
  await withInstance(async ({ root, home, lamin, json, run }) => {
    for (const words of [["get", "branch"], ["branch", "get"], ["branch"]]) {
      assert.equal(await lamin("config", ...words), "main\n", words.join(" "));
      assert.equal(await lamin("settings", ...words), "main\n", words.join(" "));
    }
    assert.equal(await lamin("settings", "dev-dir", "get"), `${root}\n`);
    assert.equal(await lamin("settings", "get", "dev_dir"), `${root}\n`);
    assert.deepEqual(await json("config", "get", "modules"), [{ key: "modules", value: null }]);
    const keys = (await json("config")).map(({ key }) => key);
    assert.deepEqual(keys.slice(0, 5), [
      "user.handle",
      "user.name",
      "dev-dir",
      "branch",
      "modules",
    ]);
    assert.deepEqual(keys.slice(5), ["storages", "cache.dir", "cache.limit"]);
    Deno.writeTextFileSync(
      `${home}/.lamin/current_user.env`,
      "lamin_user_uid=abcdefgh\nlamin_user_handle=lab7\nlamin_user_name=Lab seven\n",
    );
    assert.equal(await lamin("config", "user.name"), "Lab seven\n");
    // Without an instance there are still the user's.
    const outside = await run(["config", "--json"], { folder: "../home" });
    assert.equal(outside.stdout.trim().split("\n").length, 5);
    assert.equal((await run(["config", "branch"], { folder: "../home" })).code, 10);
  });
});

Deno.test("config: switches modules on and off where Python looks for them", async () => {
  await withInstance(async ({ home, lamin, json, run }) => {
    const file = `${home}/.lamin/instance--anonymous--atlas.env`;
    const modules = () => /schema_str=(.*)/.exec(Deno.readTextFileSync(file))![1];
    assert.equal(modules(), "null");
    const off = await run(["list", "bionty.Source"]);
    assert.equal(off.code, 1);
    assert.match(off.stderr, /switched off[^]*lamin config set modules bionty/);
    await lamin("connect", ".");
    await lamin("config", "set", "modules", "bionty");
    assert.equal(modules(), "bionty");
    assert.match(Deno.readTextFileSync(`${home}/.lamin/current_instance.env`), /schema_str=bionty/);
    const sources = await json("list", "bionty.Source", "--limit", "1000");
    assert.equal(sources.length, 43, "the rows that an instance with bionty starts with");
    await lamin("config", "modules", "unset");
    assert.equal(modules(), "null");
    await lamin("settings", "modules", "set", "bionty");
    assert.equal((await json("list", "bionty.Source", "--limit", "1000")).length, sources.length);
    await lamin("settings", "modules", "set", "none");
    assert.equal(modules(), "null");
    const unknown = await run(["config", "set", "modules", "biontyy"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /did you mean 'bionty'/);
  });
});

Deno.test("config: refuses what it cannot do and says what to do instead", async () => {
  await withInstance(async ({ run }) => {
    const cases: [string[], number, RegExp][] = [
      [["get", "brnch"], 1, /did you mean 'branch'/],
      [["set", "branch", "x"], 2, /lamin switch/],
      [["set", "user.handle", "x"], 2, /lamin login/],
      [["set", "modules"], 2, /to what/],
      [["get", "modules", "x"], 2, /what is 'x' for/],
      [["unset"], 2, /needs the name/],
    ];
    for (const [words, code, message] of cases) {
      const result = await run(["config", ...words]);
      assert.equal(result.code, code, words.join(" "));
      assert.match(result.stderr, message);
      assert.equal(result.stdout, "");
    }
  });
});
