import assert from "node:assert/strict";
import { exported, hostileRows, inDemo, madeFromAll, secret } from "./export_world.ts";
import { changeDatabase } from "../open_instance.ts";
import { type Place, say } from "./in_process.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

function graphOf(crate: string): Map<string, Json> {
  const { "@graph": graph } = JSON.parse(
    Deno.readTextFileSync(`${crate}/ro-crate-metadata.json`),
  );
  return new Map(graph.map((entity: Json) => [entity["@id"], entity]));
}

function filesIn(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${below}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(folder, `${below}${name}/`) : [`${below}${name}`]
  ).sort();
}

function sha256Of(path: string): Promise<string> {
  return crypto.subtle.digest("SHA-256", Deno.readFileSync(path))
    .then((digest) => new Uint8Array(digest).toHex());
}

async function said(place: Place, ...words: string[]): Promise<[number, string]> {
  const { code, stderr } = await say(place, "export", ...words);
  return [code, stderr.split("\n")[0]!.replace(/^. /, "")];
}

Deno.test("export: a crate has data, code, logs, and says what is what", async () => {
  await inDemo(async (place) => {
    const crate = `${place.folder}/out/crate`;
    const words = [madeFromAll, "--ro-crate", "out/crate", "--license", "CC-BY-4.0", "--json"];
    const told = JSON.parse(await exported(place, ...words));
    assert.deepEqual({ ...told, bytes: 0 }, {
      path: "out/crate",
      files: 12,
      bytes: 0,
      runs: 4,
      data: 3,
    });
    const files = filesIn(crate);
    assert.deepEqual(files.filter((path) => !path.startsWith("runs/")), [
      "code/analyze.py",
      "code/ingest.py",
      "code/pipeline/normalize.py",
      "data/processed/cpm.parquet",
      "data/raw/counts.csv",
      "data/results/top genes.parquet",
      "ro-crate-metadata.json",
    ]);
    const graph = graphOf(crate);
    for (const path of files.filter((path) => path !== "ro-crate-metadata.json")) {
      const id = path.split("/").map(encodeURIComponent).join("/");
      const entity = graph.get(id);
      assert.equal(entity.contentSize, String(Deno.statSync(`${crate}/${path}`).size), path);
      assert.ok(graph.get("./").hasPart.some((part: Json) => part["@id"] === id), path);
      if (entity.sha256) assert.equal(entity.sha256, await sha256Of(`${crate}/${path}`));
    }
    const action = graph.get("#run-3ePfUFxS6BqDgKzp");
    assert.deepEqual(action.result, { "@id": "data/processed/cpm.parquet" });
    assert.deepEqual(action.instrument, { "@id": "code/pipeline/normalize.py" });
    assert.equal(graph.get("./").license["@id"], "https://spdx.org/licenses/CC-BY-4.0");
    const status = await say(place, "fsck", "--deep");
    assert.equal(status.code, 0, status.stderr);
  });
});

Deno.test("export: a zip has the same as a folder", async () => {
  await inDemo(async (place) => {
    await exported(place, madeFromAll, "--ro-crate", "crate");
    await exported(place, madeFromAll, "--ro-crate", "crate.zip");
    const unzip = await new Deno.Command("python3", {
      args: ["-m", "zipfile", "-e", "crate.zip", "unpacked"],
      cwd: place.folder,
    }).output();
    assert.ok(unzip.success, new TextDecoder().decode(unzip.stderr));
    const [crate, unpacked] = [`${place.folder}/crate`, `${place.folder}/unpacked`];
    assert.deepEqual(filesIn(unpacked), filesIn(crate));
    for (const path of filesIn(crate).filter((path) => path !== "ro-crate-metadata.json")) {
      assert.deepEqual(
        Deno.readFileSync(`${unpacked}/${path}`),
        Deno.readFileSync(`${crate}/${path}`),
        path,
      );
    }
  });
});

Deno.test("export: with links nothing but the description and the code is written", async () => {
  await inDemo(async (place) => {
    await exported(place, madeFromAll, "--ro-crate", "crate", "--links");
    const crate = `${place.folder}/crate`;
    assert.deepEqual(filesIn(crate), [
      "code/analyze.py",
      "code/ingest.py",
      "code/pipeline/normalize.py",
      "ro-crate-metadata.json",
    ]);
    const { result } = graphOf(crate).get("#run-3ePfUFxS6BqDgKzp");
    const url = new URL(result["@id"]);
    assert.equal(url.protocol, "file:");
    assert.ok(Deno.statSync(url).isFile);
  });
});

Deno.test("export: a crate never goes over something, nor into the instance", async () => {
  await inDemo(async (place) => {
    Deno.mkdirSync(`${place.folder}/there`);
    Deno.writeTextFileSync(`${place.folder}/there.zip`, "mine");
    assert.deepEqual(await said(place, madeFromAll, "--ro-crate", "there"), [
      1,
      "there is there already",
    ]);
    assert.deepEqual(await said(place, madeFromAll, "--ro-crate", "there.zip"), [
      1,
      "there.zip is there already",
    ]);
    assert.equal(Deno.readTextFileSync(`${place.folder}/there.zip`), "mine");
    assert.equal((await said(place, madeFromAll, "--ro-crate", ".lamindb/crate"))[0], 12);
    assert.equal((await said(place, madeFromAll, "--ro-crate", ""))[0], 2);
  });
});

Deno.test("export: of damaged bytes no crate is made, and nothing is left over", async () => {
  await inDemo(async (place) => {
    Deno.writeTextFileSync(`${place.folder}/.lamindb/5NuNbodHCAvC4DW00000.parquet`, "other");
    Deno.mkdirSync(`${place.folder}/out`);
    for (const name of ["out/crate", "out/crate.zip"]) {
      assert.equal((await said(place, madeFromAll, "--ro-crate", name))[0], 13);
    }
    assert.deepEqual([...Deno.readDirSync(`${place.folder}/out`)], []);
  });
});

Deno.test("export: hostile names lead nowhere, and two names never meet", async () => {
  await inDemo(async (place) => {
    const before = filesIn(place.folder);
    await exported(place, "5e44MQPQhzd8auYK0000", "--ro-crate", "crate");
    const crate = `${place.folder}/crate`;
    const now = filesIn(place.folder).filter((path) => !path.startsWith("crate/"));
    assert.deepEqual(
      now.filter((path) => !path.startsWith(".lamindb/")),
      before.filter(
        (path) => !path.startsWith(".lamindb/"),
      ),
    );
    assert.deepEqual(filesIn(crate).filter((path) => path.startsWith("data/")), [
      "data/5e44MQPQhzd8auYK0000/top genes.parquet",
      "data/IYEmV6wjzV68CSds0001/passwd",
      "data/Results/TOP genes.parquet",
    ]);
    const graph = graphOf(crate);
    assert.ok(graph.has("data/IYEmV6wjzV68CSds0001/passwd"));
    for (const id of graph.keys()) assert.match(id, /^[\x21-\x7e]+$/);
    for (const path of filesIn(crate)) {
      assert.ok(!Deno.readTextFileSync(`${crate}/${path}`).includes(secret), path);
    }
  }, hostileRows);
});

Deno.test("export: a secret in the log of a run does not leave", async () => {
  await inDemo(async (place) => {
    await exported(place, madeFromAll, "--ro-crate", "before");
    const log = [...graphOf(`${place.folder}/before`).values()]
      .find(({ "@id": id }) => id.endsWith("/report.txt"));
    const path = `${place.folder}/.lamindb/${log.identifier}.txt`;
    const text = `api_key=${secret}\n${Deno.readTextFileSync(path)}`;
    Deno.writeTextFileSync(path, text);
    const { size } = Deno.statSync(path);
    changeDatabase(
      `${place.folder}/.lamindb/lamin.db`,
      `UPDATE lamindb_artifact SET hash = NULL, _hash_type = NULL, size = ${size}
       WHERE uid = '${log.identifier}'`,
    );
    await exported(place, madeFromAll, "--ro-crate", "after");
    const after = `${place.folder}/after/${log["@id"]}`;
    assert.match(Deno.readTextFileSync(after), /^api_key=\*\*\*REDACTED\*\*\*\n/);
    const entity = graphOf(`${place.folder}/after`).get(log["@id"]);
    assert.equal(entity.contentSize, String(Deno.statSync(after).size));
  });
});
