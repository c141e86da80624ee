import assert from "node:assert/strict";
import { exported, hostileRows, inDemo } from "../cli/export_world.ts";
import { test } from "../skip.ts";
import { noTools, runTool } from "./tools.ts";

const context =
  new URL("../fixtures/schemas/ro_crate/context_1_1.jsonld", import.meta.url).pathname;

/** What RO-Crate recommends and nobody recorded: no program can know it. */
const unknown = [
  "The Application SHOULD have a url",
  "The SoftwareApplication id SHOULD be an absolute URI",
  "The `publisher` property of a `Root Data Entity` SHOULD be an `Organization`",
  "The author SHOULD have an organizational affiliation.",
  "The author SHOULD have a Contextual Entity which specifies the organizational `affiliation`.",
];

const worlds = [
  { name: "a crate", sql: undefined, crates: ["crate", "links"] },
  { name: "one of hostile names", sql: hostileRows, crates: ["crate.zip"] },
];

for (const { name, sql, crates } of worlds) {
  test(`export: ${name} is a Process Run Crate and opens with rocrate`, noTools, async () => {
    await inDemo(async (place) => {
      for (const crate of crates) {
        const links = crate === "links" ? ["--links"] : [];
        await exported(place, "5e44MQPQhzd8auYK0000", "--ro-crate", crate, ...links);
        const { issues, data, actions } = await runTool(
          "check_crate.py",
          `${place.folder}/${crate}`,
          context,
        );
        const faults = issues.filter((one: { message: string }) => !unknown.includes(one.message));
        assert.deepEqual(faults, [], crate);
        assert.equal(actions.length, 4, crate);
        assert.equal(data.length >= 6, true, crate);
      }
    }, sql);
  });

  test(`export: PROV of ${name} is read by W3C's library and stays the same`, noTools, async () => {
    await inDemo(async (place) => {
      const path = `${place.folder}/prov.json`;
      Deno.writeTextFileSync(path, await exported(place, "5e44MQPQhzd8auYK0000", "--prov"));
      const { same, records } = await runTool("check_prov.py", path);
      assert.ok(same);
      const count = (type: string) => records.filter(([one]: string[]) => one === type).length;
      assert.deepEqual(
        ["Activity", "Usage", "Generation", "Association", "Agent"].map(count),
        [4, 5, 6, 4, 1],
      );
    }, sql);
  });
}
