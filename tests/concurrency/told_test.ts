/** What a command says it did is what it did, whatever others make of it before it speaks. */

import assert from "node:assert/strict";
import { denoHost } from "../../store/host/deno.ts";
import { withAtlas } from "../cli/atlas.ts";
import { watchedHost } from "../crash/seam.ts";
import { withRaw } from "../raw_database.ts";
import { onPostgres, onS3 } from "../test_database.ts";
import { deleteArtifacts, runOn } from "./meanwhile.ts";
import { watchedStores } from "./watched_stores.ts";

/** As many as are told from the database, because there are too many to be remembered. */
const manyFiles = 1002;

const rowBefore = onPostgres
  ? "json_build_object('id', id, 'uid', uid, 'key', key)"
  : "json_object('id', id, 'uid', uid, 'key', key)";

/** What an operation that deletes all artifacts notes of them. */
const logOfDeletions =
  `INSERT INTO lamin_change (operation_id, table_name, first_id, last_id, "before")
   SELECT 1, 'lamindb_artifact', id, id, ${rowBefore} FROM lamindb_artifact`;

Deno.test(
  "add --json: tells what it added, also what another one deletes or moves at once",
  async () => {
    for (const files of [1, manyFiles]) {
      await withAtlas(async (atlas) => {
        for (let file = 0; file < files; file++) atlas.write(`many/${file}.txt`, `${file}`);
        let isCommitted = false;
        // The batch ends once the rows are committed, and before they are told.
        const deleteAll = () => {
          if (isCommitted) return;
          isCommitted = true;
          withRaw(atlas.root, (database) => database.run(logOfDeletions));
          deleteArtifacts(atlas);
        };
        const host = watchedHost(denoHost(), {
          before: ({ kind, path }) => {
            if (!onS3 && kind === "remove" && path.includes("/staging/")) deleteAll();
          },
        });
        const stores = watchedStores({
          before: ({ kind }) => {
            if (kind === "discard") deleteAll();
          },
        });
        const words = ["add", "many", "--json"];
        const { code, stdout, stderr } = await runOn(host, atlas, words, { stores });
        assert.deepEqual([code, isCommitted], [0, true], stderr);
        const said = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
        const keys = Array.from({ length: files }, (_, file) => `many/${file}.txt`);
        assert.deepEqual(said.map(({ key }) => key).toSorted(), keys.toSorted());
        assert.ok(said.every(({ status, uid }) => status === "added" && /^\w{16}0000$/.test(uid)));
      });
    }
  },
);
