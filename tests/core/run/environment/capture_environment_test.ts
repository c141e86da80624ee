import assert from "node:assert/strict";
import { captureEnvironment } from "../../../../core/run/environment/capture_environment.ts";
import { programsOf } from "../../../../core/run/environment/program.ts";
import { writeEnvironment } from "../../../../core/run/environment/write_environment.ts";
import { denoHost } from "../../../../store/host/deno.ts";
import type { Host } from "../../../../store/host/host.ts";
import { noPython, pythonPath } from "../../../interop/python.ts";
import { test } from "../../../skip.ts";

/** Runs `work` in a folder with these files, all of them executable. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  work: (folder: string, host: Host) => Promise<void> | void,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = `${folder}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(path, text, { mode: 0o755 });
    }
    const own = denoHost();
    const environment = (name: string) =>
      name === "PATH" ? `${folder}/bin:/usr/bin:/bin` : variables[name];
    await work(folder, { ...own, environment });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const names = (host: Host, folder: string, ...words: string[]) =>
  programsOf(host, words, folder).map(({ name }) => name);

Deno.test("environment: the programs of a command, behind wrappers, first lines and shells", async () => {
  const files = {
    "bin/tool": "#!/usr/bin/env -S python3 -u\nprint(1)\n",
    "count.sh": "#!/bin/bash\nset -e\nzcat x | python3 count.py && Rscript plot.R\n",
  };
  await withFiles(files, (folder, host) => {
    assert.deepEqual(names(host, folder, "sort", "-k1"), ["sort"]);
    assert.deepEqual(names(host, folder, "env", "-i", "A=1", "nice", "-n", "5", "sort"), ["sort"]);
    assert.deepEqual(names(host, folder, "tool", "x"), ["tool", "python3"]);
    assert.deepEqual(names(host, folder, "./count.sh"), ["count.sh", "bash", "python3", "Rscript"]);
    assert.deepEqual(names(host, folder, "bash", "-e", "count.sh"), ["bash", "python3", "Rscript"]);
    assert.deepEqual(names(host, folder, "sh", "-ec", "deno run x.ts"), ["sh", "deno"]);
    assert.deepEqual(names(host, folder, "./nothing.sh"), ["nothing.sh"]);
    assert.deepEqual(names(host, folder), []);
    const [tool] = programsOf(host, ["tool"], folder);
    assert.equal(tool!.path, `${folder}/bin/tool`);
  });
});

Deno.test("environment: lists of versions are found from the folder upwards, without secrets", async () => {
  const secret = "S3CRET";
  const files = {
    "renv.lock": `{"repository": "https://ann:${secret}@host/cran"}`,
    "deno.lock": "{}",
    "analysis/deeper/x.R": "1",
    "bin/Rscript": "#!/bin/sh\necho R 4.4.1\n",
    "bin/deno": "#!/bin/sh\necho deno 2\n",
  };
  await withFiles(files, async (folder, host) => {
    const found = await captureEnvironment(host, ["Rscript", "x.R"], `${folder}/analysis/deeper`);
    assert.deepEqual(found.map(({ name }) => name), ["renv.lock", "system.txt"]);
    assert.ok(!JSON.stringify(found).includes(secret));
    assert.match(found[1]!.text, /^system: .*\n(.*\n)*program: .*\/bin\/Rscript, R 4.4.1\n/);
    const both = await captureEnvironment(host, ["sh", "-c", "deno run x; Rscript y"], folder);
    assert.deepEqual(both.map(({ name }) => name), ["renv.lock", "deno.lock", "system.txt"]);
  });
});

Deno.test("environment: what conda installed is told by its notes, whatever runs in it", async () => {
  const files = {
    "conda/bin/samtools": "#!/bin/sh\n",
    "conda/conda-meta/samtools-1.20-h50ea8bc_0.json": "{}",
    "conda/conda-meta/r-base-4.3-0.json": "{}",
    "conda/conda-meta/history": "",
  };
  await withFiles(files, async (folder, host) => {
    const program = `${folder}/conda/bin/samtools`;
    const [packages, system] = await captureEnvironment(host, [program, "view"], folder);
    assert.deepEqual(packages, {
      name: "conda_list.txt",
      text: "r-base=4.3=0\nsamtools=1.20=h50ea8bc_0\n",
    });
    // A program that is not known is not asked: it could do anything.
    assert.match(system!.text, /samtools, sha256 [0-9a-f]{64}\n/);
  });
});

Deno.test("environment: a program that is not there, or fails, takes nothing else away", async () => {
  const files = { "bin/python3": "#!/bin/sh\nexit 1\n" };
  await withFiles(files, async (folder, host) => {
    for (const command of [["no-such-program"], ["python3", "x.py"], []]) {
      const found = await captureEnvironment(host, command, folder);
      assert.deepEqual(found.map(({ name }) => name), ["system.txt"]);
    }
  });
});

Deno.test("environment: one piece is stored as a file, several as a folder, named as in Python", async () => {
  await withFiles({ "x": "" }, (folder, host) => {
    const packages = { name: "run_env_pip.txt", text: "a==1\n" };
    const system = { name: "system.txt", text: "system: x\n" };
    assert.deepEqual(writeEnvironment(host, [packages], folder), {
      path: `${folder}/run_env_pip.txt`,
      description: "requirements.txt",
    });
    assert.equal(Deno.readTextFileSync(`${folder}/run_env_pip.txt`), "a==1\n");
    assert.equal(writeEnvironment(host, [system], folder)!.description, "system.txt");
    assert.deepEqual(writeEnvironment(host, [packages, system], folder), {
      path: folder,
      description: "environments",
    });
    assert.equal(writeEnvironment(host, [], folder), undefined);
  });
});

test(
  "environment: a real Python tells what pip does, also beside a module of its own names",
  noPython,
  async () => {
    const files = {
      "json.py": "raise SystemExit('this is not the json of Python')\n",
      "x.py": `#!${pythonPath}\n`,
      "sub/.venv/pyvenv.cfg": "home = /usr/bin\nuv = 0.8.0\n",
      "sub/uv.lock": "version = 1\n",
    };
    await withFiles(files, async (folder, host) => {
      const pip = await host.run(pythonPath!, ["-I", "-m", "pip", "freeze"]);
      const frozen = new TextDecoder().decode(pip.stdout);
      for (const command of [[pythonPath!, "x.py"], ["./x.py"]]) {
        const [packages, ...others] = await captureEnvironment(host, command, folder);
        assert.deepEqual(others, []);
        assert.equal(packages!.name, "run_env_pip.txt");
        const lines = packages!.text.split("\n").filter((line) => !line.startsWith("#"));
        assert.equal(lines.join("\n"), frozen);
        assert.match(packages!.text, /^# python: 3\.\d+\.\d+, /m);
      }
      Deno.mkdirSync(`${folder}/sub/.venv/bin`);
      Deno.symlinkSync(Deno.realPathSync(pythonPath!), `${folder}/sub/.venv/bin/python`);
      const found = await captureEnvironment(host, ["uv", "run", "x.py"], `${folder}/sub`);
      assert.ok(found.some(({ name }) => name === "uv.lock"));
    });
  },
);
