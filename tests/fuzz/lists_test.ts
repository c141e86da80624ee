/** Lists of paths on standard input, where a word may be anything that bytes can say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { withAtlas } from "../cli/atlas.ts";
import { say } from "../cli/in_process.ts";
import { loadedVerbs } from "../cli/manners_world.ts";
import { seeded } from "../seed.ts";
import { rounds } from "../soak.ts";
import { hostileWord, hostileWords } from "./hostile_words.ts";
import { faultsOf } from "./manners.ts";

const add = loadedVerbs.find(({ name }) => name === "add")!;

/** Devices are files that exist, and so are `/dev/zero` and its like; nothing else outside. */
const entry = fc.oneof(
  { weight: 3, arbitrary: hostileWord },
  { weight: 1, arbitrary: fc.constantFrom("a.csv", "new\nline.csv", "sub/b.csv", "nul\0byte") },
);

Deno.test("lists: each entry is added or refused by name, whatever it is", async () => {
  await seeded(async (seed) => {
    await withAtlas(async (atlas) => {
      atlas.write("a.csv", "1\n");
      atlas.write("sub/b.csv", "2\n");
      const place = { folder: atlas.root, home: atlas.home };
      const whole = hostileWords.filter((word) => !/^(|\.|\.\.|\.\.\/\.\.|a\/)$/.test(word));
      const check = async (entries: readonly string[], zero: boolean) => {
        const words = ["add", "--stdin", ...zero ? ["-z"] : [], "--dry-run"];
        const input = entries.join(zero ? "\0" : "\n");
        const said = await say({ ...place, input }, ...words);
        const shown = `${JSON.stringify(input.slice(0, 300))}: ${said.code} `;
        const faults = faultsOf(add, words, said).filter((fault) => !/an error of/.test(fault));
        assert.deepEqual(faults, [], shown + said.stderr.slice(0, 1500));
        // A line may say in many ways what cannot be; an instance is never what fails.
        assert.ok([0, 1, 2].includes(said.code), shown + said.stderr.slice(0, 500));
      };
      await check(whole, false);
      await check(whole, true);
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { maxLength: 6 }), fc.boolean(), check),
        { seed, numRuns: rounds(40, 2000) },
      );
    });
  });
});

Deno.test("lists: a name with a line end goes with -z, and without it is two names", async () => {
  await withAtlas(async (atlas) => {
    atlas.write("a.csv", "1\n");
    atlas.write("b.csv", "2\n");
    atlas.write("a.csv\nb.csv", "3\n");
    const place = { folder: atlas.root, home: atlas.home, input: "a.csv\nb.csv" };
    const zero = await say(place, "add", "--stdin", "-z");
    assert.equal(zero.code, 1);
    assert.match(zero.stderr, /not added: .*a\.csv\\x0ab\.csv: .*control character/);
    assert.equal((await say(place, "add", "--stdin")).code, 0);
    const keys = (await atlas.json("list", "artifact")).map(({ key }) => key).sort();
    assert.deepEqual(keys, ["a.csv", "b.csv"]);
  });
});
