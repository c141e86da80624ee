/** What a command says it did is what it did, whatever others make of it before it speaks. */

import assert from "node:assert/strict";
import { denoHost } from "../../store/host/deno.ts";
import { withAtlas } from "../cli/atlas.ts";
import { watchedHost } from "../crash/seam.ts";
import { changeDatabase } from "../open_instance.ts";
import { deleteArtifacts, runOn } from "./meanwhile.ts";

/** As many as are told from the database, because there are too many to be remembered. */
const manyFiles = 1002;

Deno.test("add --json: tells what it added, also what another one deletes or moves at once", async () => {
  for (const files of [1, manyFiles]) {
    await withAtlas(async (atlas) => {
      for (let file = 0; file < files; file++) atlas.write(`many/${file}.txt`, `${file}`);
      const database = `${atlas.root}/.lamindb/lamin.db`;
      let isCommitted = false;
      const host = watchedHost(denoHost(), {
        before: ({ kind, path }) => {
          // The batch ends once the rows are committed, and before they are told.
          if (isCommitted || kind !== "remove" || !path.includes("/staging/")) return;
          isCommitted = true;
          changeDatabase(
            database,
            `INSERT INTO lamin_change (operation_id, table_name, first_id, last_id, "before")
             SELECT 1, 'lamindb_artifact', id, id, json_object('id', id, 'uid', uid, 'key', key)
             FROM lamindb_artifact`,
          );
          deleteArtifacts(atlas);
        },
      });
      const { code, stdout, stderr } = await runOn(host, atlas, ["add", "many", "--json"]);
      assert.deepEqual([code, isCommitted], [0, true], stderr);
      const said = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      const keys = Array.from({ length: files }, (_, file) => `many/${file}.txt`);
      assert.deepEqual(said.map(({ key }) => key).toSorted(), keys.toSorted());
      assert.ok(said.every(({ status, uid }) => status === "added" && /^\w{16}0000$/.test(uid)));
    });
  }
});
