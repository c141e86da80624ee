import assert from "node:assert/strict";
import { withInstance, workspaceAt } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

test(
  "interop: what Python did in one of two copies is told, and which of them it works on",
  noPython,
  async () => {
    await withInstance(async (workspace) => {
      const { root, home, lamin, write } = workspace;
      write("notes.txt", "first\n");
      await lamin("add", "notes.txt");
      const copied = await new Deno.Command("cp", { args: ["-r", root, `${root}2`] }).output();
      assert.ok(copied.success);
      const copy = workspaceAt(`${root}2`, home);
      const [info] = await copy.json("info");
      assert.match(info.remedy, /Python works on the copy in/);
      const { root: changed, uid } = await python(copy, "change_without_operation.py");
      assert.equal(changed, root, "from the copy's folder as well, as 'info' says");

      copy.write("notes.txt", "of the copy\n");
      await copy.lamin("add", "notes.txt");
      const [said] = await copy.json("op", "compare", root);
      assert.equal(said.relation, "ahead");
      const tables = said.unlogged.map(({ table }: { table: string }) => table);
      for (const table of ["lamindb_ulabel", "lamindb_artifactulabel"]) {
        assert.ok(tables.includes(table), `${table} in ${tables}`);
      }
      assert.deepEqual(said.conflicting, [{ uid, key: "notes.txt" }], "both are version 0001");
    });
  },
);
