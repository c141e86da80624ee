import assert from "node:assert/strict";
import { commandCode } from "../../../../core/run/command/command_code.ts";
import { denoHost } from "../../../../store/host/deno.ts";

/** A work tree with some code in it. */
const files = {
  "count.sh": "#!/bin/sh\nwc -l\n",
  "train.py": "print(1)\n",
  "lib/tool/__main__.py": "print(2)\n",
  "nb.ipynb": "{}",
  "report.qmd": "# x\n",
  "Snakefile": "rule all: input: 'x'\n",
  "flow.smk": "rule b: input: 'y'\n",
  "plot.R": "plot(1)\n",
  "data.csv": "a\n",
};

function withTree(work: (code: (...command: string[]) => object) => void): void {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  try {
    Deno.mkdirSync(`${root}/lib/tool`, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${root}/${name}`, text);
    }
    Deno.writeFileSync(`${root}/binary`, Uint8Array.of(127, 69, 0, 255));
    const host = denoHost();
    work((...command) => {
      const { path: _, ...code } = commandCode(host, { root, folder: root }, command);
      return code;
    });
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

const script = (key: keyof typeof files, kind = "script") => ({ key, kind, source: files[key] });

Deno.test("code: the file that an interpreter or the command itself names", () => {
  withTree((code) => {
    assert.deepEqual(
      code("python3.11", "-u", "-W", "ignore", "train.py", "data.csv"),
      script("train.py"),
    );
    assert.deepEqual(code("/usr/bin/env", "X=1", "python", "train.py"), script("train.py"));
    assert.deepEqual(code("conda", "run", "-n", "py", "python", "train.py"), script("train.py"));
    assert.deepEqual(code("./count.sh", "data.csv"), script("count.sh"));
    assert.deepEqual(code("bash", "-eu", "count.sh"), script("count.sh"));
    assert.deepEqual(code("Rscript", "--vanilla", "plot.R"), script("plot.R"));
    assert.deepEqual(code("python", "-m", "lib.tool"), {
      key: "lib/tool/__main__.py",
      kind: "script",
      source: "print(2)\n",
    });
    assert.deepEqual(code("papermill", "nb.ipynb", "out.ipynb"), script("nb.ipynb", "notebook"));
    assert.deepEqual(code("quarto", "render", "report.qmd"), script("report.qmd", "notebook"));
    assert.deepEqual(code("snakemake", "-j", "4"), script("Snakefile", "pipeline"));
    assert.deepEqual(code("snakemake", "--snakefile=flow.smk"), script("flow.smk", "pipeline"));
  });
});

Deno.test("code: a line of code goes by its beginning, without secrets", () => {
  withTree((code) => {
    const line = "sort  data.csv |\n wc -l";
    assert.deepEqual(code("sh", "-c", line), {
      key: "sh -c 'sort data.csv | wc -l'",
      kind: "script",
      source: line,
    });
    const long = code("python", "-c", `x = "${"a".repeat(500)}"`) as { key: string };
    assert.ok(long.key.length < 120, long.key);
    const secret = code("sh", "-c", "export API_TOKEN=canary123456; true") as { key: string };
    assert.ok(!secret.key.includes("canary"), secret.key);
  });
});

Deno.test("code: a program that is no text is known by its name, as is data", () => {
  withTree((code) => {
    assert.deepEqual(code("/usr/bin/sort", "data.csv"), { key: "sort", kind: "pipeline" });
    assert.deepEqual(code("./binary"), { key: "binary", kind: "pipeline" });
    assert.deepEqual(code("python", "-m", "json.tool"), { key: "json.tool", kind: "pipeline" });
    assert.deepEqual(code("python"), { key: "python", kind: "pipeline" });
    assert.deepEqual(code("python", "gone.py"), { key: "python", kind: "pipeline" });
    assert.deepEqual(code("awk", "{print $1}", "data.csv"), { key: "awk", kind: "pipeline" });
  });
});
