import assert from "node:assert/strict";
import { withInstance, workspaceAt } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, python } from "./python.ts";

test(
  "interop: Python finds the instance that lamin connected, also one that was moved",
  noPython,
  async () => {
    await withInstance(async ({ root, home, lamin, write }) => {
      write("a.txt", "first\n");
      await lamin("add", "a.txt");
      const base = root.slice(0, root.lastIndexOf("/"));
      const moved = `${base}/it's moved here`;
      Deno.renameSync(root, moved);
      Deno.mkdirSync(`${base}/project`);
      const project = workspaceAt(`${base}/project`, home);
      await project.lamin("connect", moved, "--here");
      const seen = await python(project, "current_instance.py", "a.txt");
      assert.deepEqual(seen, {
        slug: "anonymous/atlas",
        root: moved,
        modules: ["bionty"],
        storages: [moved],
        texts: ["first\n"],
      });
      const elsewhere = workspaceAt(home, home);
      await elsewhere.lamin("connect", "anonymous/atlas");
      assert.equal((await python(elsewhere, "current_instance.py")).root, moved);
      await elsewhere.lamin("config", "modules", "unset");
      assert.deepEqual((await python(elsewhere, "current_instance.py")).modules, []);
      await project.lamin("disconnect", "--here");
      await elsewhere.lamin("disconnect");
      assert.equal((await elsewhere.run(["info"])).code, 10);
    }, ["--modules", "bionty"]);
  },
);
