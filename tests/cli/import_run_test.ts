import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { endTime, noteOutput, sha256Of, writeAt } from "./snakemake_world.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

/** The runs that lead to an artifact, each with what it read and made, by their names. */
async function stepsTo(workspace: Workspace, key: string): Promise<Json> {
  const [{ nodes, edges }] = await workspace.json("lineage", key, "--up");
  const names = new Map(nodes.map((node: Json) => [node.id, node.name ?? node.key]));
  return edges.map(({ from, to, role }: Json) => `${names.get(from)} → ${names.get(to)} ${role}`)
    .sort();
}

async function operations(workspace: Workspace): Promise<number> {
  return (await workspace.json("op", "log")).length;
}

Deno.test("import-run: the outputs of one job of Snakemake are one run", async () => {
  await withInstance(async (workspace) => {
    const { json, lamin } = workspace;
    writeAt(workspace, "flow/raw/a.csv", "a\n", endTime - 100);
    writeAt(workspace, "flow/out/a.txt", "1\n");
    writeAt(workspace, "flow/out/a.log", "fine\n");
    const job = {
      input: ["raw/a.csv"],
      shellcmd: "wc -l raw/a.csv",
      params: ["'G'", "3"],
      input_checksums: { "raw/a.csv": `sha256:${await sha256Of("a\n")}` },
    };
    noteOutput(workspace, "flow", "out/a.txt", job);
    noteOutput(workspace, "flow", "out/a.log", job);
    const before = await operations(workspace);
    assert.match(await lamin("import-run", "snakemake", "flow", "--dry-run"), /would import 1 run/);
    assert.equal(await operations(workspace), before, "nothing was changed");
    const [told] = await json("import-run", "snakemake", "flow");
    assert.deepEqual(told, {
      manager: "snakemake",
      imported: 1,
      known: 0,
      files: 3,
      unlinked: [],
    });
    assert.deepEqual(await stepsTo(workspace, "flow/out/a.txt"), [
      "count: out/a.log → flow/out/a.txt output",
      "flow/raw/a.csv → count: out/a.log input",
    ]);
    assert.equal(await operations(workspace), before + 1, "one operation, to be undone as one");
    const [run] = await json("list", "run");
    const fields = [
      run._status_code,
      run.started_at,
      run.finished_at,
      run.cli_args,
      run.reference_type,
    ];
    assert.deepEqual(fields, [
      0,
      "2026-05-28 20:25:40.000000",
      "2026-05-28 20:26:40.000000",
      "wc -l raw/a.csv",
      "snakemake",
    ]);
    assert.deepEqual(run.params, { params: ["'G'", "3"] });
    const [transform] = await json("list", "transform");
    assert.deepEqual([transform.key, transform.kind, transform.source_code], [
      "flow/count.smk",
      "pipeline",
      "wc -l {input} > {output}",
    ]);
  });
});

Deno.test("import-run: importing again changes nothing, and adds what is new", async () => {
  await withInstance(async (workspace) => {
    const { json, lamin } = workspace;
    writeAt(workspace, "flow/out/a.txt", "1\n");
    noteOutput(workspace, "flow", "out/a.txt");
    await lamin("import-run", "snakemake", "flow");
    const before = await operations(workspace);
    assert.match(await lamin("import-run", "snakemake", "flow"), /^nothing new, 1 known already/);
    assert.equal(await operations(workspace), before);
    writeAt(workspace, "flow/out/a.txt", "2\n", endTime + 100);
    noteOutput(workspace, "flow", "out/a.txt", { endtime: endTime + 100 });
    const [told] = await json("import-run", "snakemake", "flow");
    assert.equal(told.imported, 1);
    const [run, earlier] = await json("list", "run", "--order", "-started_at");
    assert.equal(run.transform_id, earlier.transform_id, "the rule is the same");
    const [{ uid }] = await json("list", "artifact");
    assert.match(uid, /0001$/, "a new version");
  });
});

Deno.test("import-run: what changed since is not what the task saw", async () => {
  await withInstance(async (workspace) => {
    const { json, lamin } = workspace;
    writeAt(workspace, "flow/raw/known.csv", "old\n");
    await lamin("add", "flow/raw/known.csv");
    writeAt(workspace, "flow/raw/known.csv", "new\n", endTime - 50);
    writeAt(workspace, "flow/raw/unknown.csv", "new\n", endTime - 50);
    writeAt(workspace, "flow/raw/later.csv", "x\n", endTime + 50);
    writeAt(workspace, "flow/out/a.txt", "1\n", endTime + 50);
    const old = `sha256:${await sha256Of("old\n")}`;
    noteOutput(workspace, "flow", "out/a.txt", {
      input: ["raw/known.csv", "raw/unknown.csv", "raw/later.csv", "raw/gone.csv"],
      input_checksums: { "raw/known.csv": old, "raw/unknown.csv": `sha256:${"0".repeat(64)}` },
    });
    const [told] = await json("import-run", "snakemake", "flow");
    assert.deepEqual(told.unlinked, [
      { path: "raw/unknown.csv", why: "it changed since" },
      { path: "raw/later.csv", why: "it changed since" },
      { path: "raw/gone.csv", why: "it is gone" },
      { path: "out/a.txt", why: "it changed since" },
    ]);
    const [{ uid }] = await json("list", "run");
    const [{ edges }] = await json("lineage", "run", uid);
    assert.equal(edges.length, 1);
    const [{ uid: first }] = (await json("list", "artifact")).filter(({ key }: Json) =>
      key === "flow/raw/known.csv"
    );
    assert.deepEqual(edges[0], { from: `artifact_${first}`, to: `run_${uid}`, role: "input" });
  });
});

Deno.test("import-run: --as-they-are takes what was copied without its times", async () => {
  await withInstance(async (workspace) => {
    writeAt(workspace, "flow/out/a.txt", "1\n", endTime + 5000);
    noteOutput(workspace, "flow", "out/a.txt");
    const [told] = await workspace.json("import-run", "snakemake", "flow", "--as-they-are");
    assert.deepEqual([told.files, told.unlinked], [1, []]);
    assert.equal((await stepsTo(workspace, "flow/out/a.txt")).length, 1);
  });
});

Deno.test("import-run: nothing outside of the folder is read unless it was named", async () => {
  await withInstance(async (workspace) => {
    const { json, path, root } = workspace;
    const outside = `${root}/../outside`;
    Deno.mkdirSync(outside);
    Deno.writeTextFileSync(`${outside}/genome.fa`, ">g\n");
    Deno.utimeSync(`${outside}/genome.fa`, endTime - 500, endTime - 500);
    writeAt(workspace, "flow/out/a.txt", "1\n");
    Deno.symlinkSync(`${outside}/genome.fa`, path("flow/link.fa"));
    Deno.symlinkSync("/", path("flow/slash"));
    const input = [
      "/etc/hostname",
      "../../outside/genome.fa",
      "link.fa",
      "slash/etc/hostname",
      "../.lamindb/lamin.db",
      "s3://bucket/x",
      "a\0b",
      "",
      7,
    ];
    noteOutput(workspace, "flow", "out/a.txt", { input });
    const dry = await workspace.json("import-run", "snakemake", "flow", "--dry-run");
    const reasons = Object.fromEntries(dry[0].unlinked.map(({ path, why }: Json) => [path, why]));
    for (const one of ["/etc/hostname", "../../outside/genome.fa", "link.fa"]) {
      assert.equal(reasons[one], "it lies outside of the workflow's folder", one);
    }
    assert.equal(reasons["slash/etc/hostname"], "it lies outside of the workflow's folder");
    assert.equal(reasons["s3://bucket/x"], "it lies on a server");
    assert.ok(reasons["a\0b"] !== undefined);
    const [told] = await json("import-run", "snakemake", "flow", "--also", outside);
    assert.equal(told.imported, 1);
    const keys = (await json("list", "artifact")).map(({ key }: Json) => key).sort();
    assert.deepEqual(keys, ["flow/out/a.txt", "flow/outside/genome.fa"]);
  });
});

Deno.test("import-run: a workflow may lie elsewhere than the instance", async () => {
  await withInstance(async (workspace) => {
    const elsewhere = `${workspace.root}/../rnaseq`;
    Deno.mkdirSync(elsewhere);
    const there = {
      write: (file: string, content: string | Uint8Array) => {
        const at = `${elsewhere}/${file}`;
        Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
        Deno.writeTextFileSync(at, content as string);
      },
      path: (file: string) => `${elsewhere}/${file}`,
    };
    writeAt(there, "out/a.txt", "1\n");
    noteOutput(there, ".", "out/a.txt");
    await workspace.lamin("import-run", "snakemake", elsewhere);
    const [{ key }] = await workspace.json("list", "transform");
    assert.equal(key, "rnaseq/count.smk");
    assert.deepEqual(await stepsTo(workspace, "rnaseq/out/a.txt"), [
      "count: out/a.txt → rnaseq/out/a.txt output",
    ]);
  });
});

Deno.test("import-run: records that are no records are passed over", async () => {
  await withInstance(async (workspace) => {
    const { run, write, json } = workspace;
    const place = "flow/.snakemake/metadata";
    const named = (output: string) =>
      `${place}/${new TextEncoder().encode(output).toBase64({ alphabet: "base64url" })}`;
    write(`${place}/not base64!`, "{}");
    write(named("text"), "no JSON");
    write(named("list"), "[1, 2]");
    write(named("deep"), "[".repeat(100_000));
    write(named("proto"), '{"__proto__": {"rule": "x", "endtime": 1}}');
    write(`${place}/${"@aa/".repeat(60)}aa`, "{}");
    Deno.symlinkSync("/dev/zero", workspace.path(named("endless")));
    noteOutput(workspace, "flow", "unfinished", { incomplete: true });
    noteOutput(workspace, "flow", "timeless", { endtime: "soon" });
    noteOutput(workspace, "flow", "never", { endtime: 1e300 });
    noteOutput(workspace, "flow", "x".repeat(700), {
      rule: "a/../../b",
      code: 7,
      params: { a: 1 },
      input: [`${"y/".repeat(3000)}z`],
      input_checksums: [],
      log: "none",
      starttime: -1,
    });
    const { code, stderr } = await run(["import-run", "snakemake", "flow"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /unfinished is incomplete/);
    assert.match(stderr, /timeless is not complete/);
    const runs = await json("list", "run");
    assert.equal(runs.length, 1);
    assert.equal(runs[0].reference.length, 255);
    assert.equal((await run(["fsck"])).code, 0);
  });
});

Deno.test("import-run: secrets are taken out of what is recorded", async () => {
  await withInstance(async (workspace) => {
    const secret = "kV8xQ2mZ7pR4tW1y";
    writeAt(workspace, "flow/out/a.txt", "1\n");
    writeAt(workspace, "flow/logs/a.log", `api_key=${secret}\n`);
    noteOutput(workspace, "flow", "out/a.txt", {
      shellcmd: `curl --token ${secret} https://me:${secret}@host.example/x`,
      code: `api_key = "${secret}"\n`,
      params: [`password = "${secret}"`],
      log: ["logs/a.log"],
    });
    await workspace.lamin("import-run", "snakemake", "flow");
    const [{ report_id }] = await workspace.json("list", "run");
    const logs = await workspace.json("list", "artifact", "kind=__lamindb_run__");
    assert.deepEqual(logs.map(({ id }: Json) => id), [report_id]);
    assert.equal(await workspace.lamin("cat", logs[0].uid), "api_key=***REDACTED***\n");
    for (const registry of ["run", "transform", "artifact"]) {
      assert.ok(!JSON.stringify(await workspace.json("list", registry)).includes(secret), registry);
    }
    const found = await new Deno.Command("grep", {
      args: ["-rlaF", secret, workspace.path(".lamindb")],
    }).output();
    assert.equal(new TextDecoder().decode(found.stdout), "");
  });
});

Deno.test("import-run: undo takes all of it back", async () => {
  await withInstance(async (workspace) => {
    writeAt(workspace, "flow/out/a.txt", "1\n");
    noteOutput(workspace, "flow", "out/a.txt");
    await workspace.lamin("import-run", "snakemake", "flow");
    await workspace.lamin("undo");
    for (const registry of ["run", "transform", "artifact"]) {
      assert.deepEqual(await workspace.json("list", registry), [], registry);
    }
    assert.equal(workspace.read("flow/out/a.txt"), "1\n");
    assert.match(await workspace.lamin("import-run", "snakemake", "flow"), /^imported 1 run/);
  });
});

Deno.test("import-run: words that are off are said so", async () => {
  await withInstance(async ({ run, path }) => {
    Deno.mkdirSync(path("empty"));
    const said = async (...words: string[]) => {
      const { code, stderr } = await run(["import-run", ...words]);
      return [code, ...stderr.trimEnd().split("\n").map((line) => line.replace(/^[✗ ] /, ""))];
    };
    assert.deepEqual(await said("snakemak"), [
      2,
      "'snakemak' is no workflow manager that is known",
      "did you mean 'snakemake'?",
    ]);
    for (const manager of ["snakemake", "nextflow", "redun"]) {
      assert.equal((await said(manager, "empty"))[0], 1, manager);
    }
    assert.equal((await said("snakemake", "nothing"))[0], 1);
    assert.equal((await said("snakemake", "empty", "--trace", "x"))[0], 2);
    assert.equal((await said("snakemake", "empty", "--link", "--no-copy"))[0], 2);
  });
});
