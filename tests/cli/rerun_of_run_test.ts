import assert from "node:assert/strict";
import { command, denoFolder, withInstance } from "../lamin.ts";

Deno.test("rerun: a shell script that lamin ran, and that calls lamin, is done again on its own", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, run, json, path, read } = workspace;
    const { program, args } = command();
    write("../bin/lamin", `#!/bin/sh\nexec ${[program, ...args].join(" ")} "$@"\n`);
    Deno.chmodSync(path("../bin/lamin"), 0o755);
    const environment = {
      PATH: `${path("../bin")}:${Deno.env.get("PATH")}`,
      DENO_DIR: denoFolder(),
    };
    write("raw/in.txt", "b\na\n");
    await lamin("add", "raw");
    Deno.removeSync(path("raw"), { recursive: true });
    write("sort.sh", "lamin get raw/in.txt\nsort raw/in.txt > out.txt\nlamin add out.txt\n");
    const first = await run([
      "run",
      "--out",
      "copy.txt",
      "--",
      "sh",
      "-c",
      "sh sort.sh; cp out.txt copy.txt",
    ], {
      environment,
    });
    assert.equal(first.code, 0, first.stderr);
    const keys = async () => (await json("list", "artifact")).map(({ key }) => key).sort();
    assert.deepEqual(await keys(), ["copy.txt", "out.txt", "raw/in.txt"]);
    // The script lies in the work tree and was not recorded: the code of the run is the one line.
    const alone = await run(["rerun", "out.txt", "--yes", "--json"], { environment });
    assert.equal(alone.code, 3);
    Deno.removeSync(JSON.parse(alone.stdout).scratch, { recursive: true });

    const again = await run(["run", "--out", "out.txt", "--", "sh", "sort.sh"], { environment });
    assert.equal(again.code, 0, again.stderr);
    const before = JSON.stringify([await json("list", "run"), await json("op", "log")]);
    write("out.txt", "mine\n");
    const done = await run(["rerun", "out.txt", "--yes", "--json"], { environment });
    assert.equal(done.code, 0, done.stdout + done.stderr);
    const { command: words, outputs } = JSON.parse(done.stdout);
    assert.deepEqual(words, ["sh", "sort.sh"]);
    // deno-lint-ignore no-explicit-any
    assert.deepEqual(outputs.map(({ key, verdict }: any) => [key, verdict]), [
      ["out.txt", "same bytes"],
    ]);
    assert.equal(JSON.stringify([await json("list", "run"), await json("op", "log")]), before);
    assert.equal(read("out.txt"), "mine\n");
  });
});

Deno.test("rerun: folders are compared by their files, and code with a secret is taken from its file", async () => {
  await withInstance(async (workspace) => {
    const { write, lamin, run, json } = workspace;
    write("raw.txt", "1\n");
    await lamin("add", "raw.txt");
    const script =
      'token="S3CRETS3CRET"\nmkdir -p x.zarr/c\necho "$token" | cut -c 1-2 > x.zarr/c/0\n';
    write("make.sh", `${script}cp raw.txt x.zarr/.zattrs\n`);
    const first = await run(["run", "--in", "raw.txt", "--out", "x.zarr", "--", "sh", "make.sh"]);
    assert.equal(first.code, 0, first.stderr);
    const [listed] = await json("list", "transform");
    const [{ source_code }] = await json("show", "transform", listed.uid);
    assert.ok(!source_code.includes("S3CRETS3CRET"));
    const [again] = await json("rerun", "x.zarr", "--yes");
    assert.deepEqual([again.outputs[0].key, again.outputs[0].verdict], ["x.zarr", "same bytes"]);
    // Without the file there is only the code without the secret, and that is said before.
    write("make.sh", "echo something else\n");
    const [plan] = await json("rerun", "x.zarr", "--dry-run");
    assert.match(plan.remarks[0], /a secret was taken out of make\.sh/);
    const other = await run(["rerun", "x.zarr", "--yes", "--json"]);
    const { outputs, scratch } = JSON.parse(other.stdout);
    assert.deepEqual([other.code, outputs[0].verdict], [3, "differs"]);
    Deno.removeSync(scratch, { recursive: true });
  });
});
