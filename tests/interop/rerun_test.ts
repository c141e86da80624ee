import assert from "node:assert/strict";
import { withInstance } from "../lamin.ts";
import { test } from "../skip.ts";
import { noPython, pythonEnvironment, pythonPath, scripts } from "./python.ts";

const script = `import sys, tempfile
from offline import connect
ln = connect()
ln.track()
source = ln.Artifact.get(key="raw/in.csv").cache()
path = tempfile.mkdtemp() + "/made.csv"
with open(path, "w") as file:
    file.write(source.read_text().upper() + " ".join(sys.argv[1:]) + "\\n")
ln.Artifact(path, key="results/made.csv").save()
ln.finish()
`;

test(
  "interop: a run that Python recorded is done again by Python, elsewhere",
  noPython,
  async () => {
    await withInstance(async (workspace) => {
      const { write, lamin, run, json, root } = workspace;
      write("raw/in.csv", "a,b\n1,2\n");
      await lamin("add", "raw");
      write("code/upper.py", script);
      const folder = pythonPath!.replace(/\/[^/]+$/, "");
      const environment = {
        ...pythonEnvironment(workspace),
        PYTHONPATH: scripts,
        PATH: `${folder}:${Deno.env.get("PATH")}`,
      };
      const first = await new Deno.Command(pythonPath!, {
        args: ["code/upper.py", "--min", "two words"],
        cwd: root,
        env: environment,
        stderr: "piped",
        stdout: "piped",
      }).output();
      assert.ok(first.success, new TextDecoder().decode(first.stderr));
      const tables = async () =>
        JSON.stringify([await json("list", "artifact"), await json("list", "run")]);
      const before = await tables();
      write("raw/in.csv", "changed since\n");
      const again = await run(["rerun", "results/made.csv", "--yes", "--json"], { environment });
      assert.equal(again.code, 0, again.stdout + again.stderr);
      const { command, outputs } = JSON.parse(again.stdout);
      assert.equal(command[1], "code/upper.py");
      // deno-lint-ignore no-explicit-any
      assert.deepEqual(outputs.map(({ key, verdict }: any) => [key, verdict]), [
        ["results/made.csv", "same bytes"],
      ]);
      assert.equal(await tables(), before);
      assert.deepEqual(
        [...Deno.readDirSync(`${workspace.home}/.lamin`)].map(({ name }) => name)
          .filter((name) => name.includes("rerun")),
        [],
      );
    });
  },
);
