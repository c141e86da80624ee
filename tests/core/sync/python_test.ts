import { deepEqual, equal } from "node:assert/strict";
import { withPythonInstance } from "../../lamin.ts";
import { digestsOf } from "./digests.ts";

for (const name of ["lamindb-2.12.1", "lamindb-1.1.0"] as const) {
  Deno.test(`a clone of the Python instance ${name} has every row and file`, async () => {
    await withPythonInstance(name, async ({ root, home, run, lamin }) => {
      const base = root.slice(0, root.lastIndexOf("/"));
      const said = await run(["clone", root, `${base}/clone`, "--data", "all", "--json"]);
      equal(said.code, 0, said.stderr + said.stdout);
      const result = JSON.parse(said.stdout);
      deepEqual(result.conflicts, []);
      deepEqual(result.refused, []);
      if (name === "lamindb-2.12.1") {
        deepEqual(
          await digestsOf(labAt(`${base}/clone`, home)),
          await digestsOf(labAt(root, home)),
        );
      }
      equal((await run(["-C", `${base}/clone`, "fsck", "--deep"])).code, 0);
      console.log(await lamin("-C", `${base}/clone`, "list", "artifact", "-n", "100"));
      console.log(result);
    });
  });
}

// deno-lint-ignore no-explicit-any
const labAt = (root: string, home: string) => ({ root, home }) as any;
