import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";

Deno.test("environment: a run shows what it ran with, and runs of one environment share it", async () => {
  await withInstance(async ({ write, lamin, json, path }) => {
    write("tools/Rscript", "#!/bin/sh\necho 'R scripting front-end 4.4.1'\n");
    Deno.chmodSync(path("tools/Rscript"), 0o755);
    write("renv.lock", '{"R": {"Version": "4.4.1"}}\n');
    const ran = async () => {
      await lamin("run", "--quiet", "--", "./tools/Rscript", "fit.R");
      const runs = await json("list", "run");
      const uid = runs.toSorted((a, b) => b.id - a.id)[0].uid;
      return { uid, id: (await json("show", "run", uid))[0].environment_id };
    };
    const [first, second] = [await ran(), await ran()];
    assert.ok(typeof first.id === "number" && first.id === second.id);
    assert.match(
      await lamin("show", "run", first.uid),
      /environment.*\n.*"R": \{"Version": "4\.4\.1"/,
    );
    const [{ uid, description }] = await json("list", "artifact", `id=${first.id}`);
    assert.equal(description, "environments");
    assert.match(await lamin("cat", `${uid}/system.txt`), /Rscript, R scripting front-end 4\.4\.1/);
  });
});
