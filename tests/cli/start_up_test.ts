import assert from "node:assert/strict";
import { absolute } from "../sources.ts";
import { withInstance, type Workspace } from "../lamin.ts";

/** What no everyday verb may load: it costs time, and most commands need none of it. */
const heavy: Readonly<Record<string, RegExp>> = {
  "a format reader": /^modules\/formats\//,
  "a package that reads a format":
    /\/(hyparquet|papaparse|h5wasm|zarrita|apache-arrow|diff)[\w-]*\//,
  "object storage": /\/(s3|http)[\w]*\.ts$|\/(s3mini|aws4fetch|@aws-sdk|minio)\//,
  "a server's database": /store\/database\/postgres|\/postgres\//,
  "the list of all registries": /^core\/registry\/lamindb\/index\.ts$|^cli\/modules\.ts$/,
  "all verbs": /^cli\/completion\//,
};

/**
 * The files that a command really loaded, as the engine's coverage tells, relative to the project.
 */
async function loadedBy(workspace: Workspace, ...words: string[]): Promise<string[]> {
  const folder = `${workspace.home}/coverage-${words.join("-").replaceAll("/", "")}`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `--coverage=${folder}`, absolute("cli/main.ts"), ...words],
    cwd: workspace.root,
    env: { HOME: workspace.home, DENO_DIR: cache(), NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const start = new URL(absolute(""), "file:").href;
  return [...Deno.readDirSync(folder)].map(({ name }) =>
    (JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) as { url: string }).url
  ).map((url) => url.startsWith(start) ? url.slice(start.length) : url);
}

function cache(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}

Deno.test("start-up: everyday verbs load nothing that they do not need", async (t) => {
  await withInstance(async (workspace) => {
    workspace.write("a.csv", "x\n1\n");
    await workspace.lamin("add", ".");
    workspace.write("a.csv", "x\n2\n");
    const commands: readonly [string[], string][] = [
      [["--version"], "cli/version.ts"],
      [["status"], "cli/verb/status.ts"],
      [["log"], "cli/verb/log.ts"],
      [["add", "."], "cli/verb/add.ts"],
      [["cat", "a.csv"], "cli/verb/cat.ts"],
      [["__complete", "reference", "a"], "cli/verb/complete.ts"],
    ];
    for (const [words, own] of commands) {
      await t.step(words.join(" "), async () => {
        const loaded = await loadedBy(workspace, ...words);
        assert.ok(loaded.includes(own) && loaded.includes("cli/main.ts"), "the files are found");
        for (const [what, pattern] of Object.entries(heavy)) {
          assert.deepEqual(loaded.filter((path) => pattern.test(path)), [], what);
        }
        const verbs = loaded.filter((path) => path.startsWith("cli/verb/"));
        assert.deepEqual(verbs.filter((path) => path !== own), [], "other verbs");
      });
    }
    await t.step("--version opens no instance and no database", async () => {
      const loaded = await loadedBy(workspace, "--version");
      assert.deepEqual(loaded.filter((path) => /^core\/instance|database/.test(path)), []);
    });
    await t.step("diff loads the formats, so that this test would see them", async () => {
      const loaded = await loadedBy(workspace, "diff");
      assert.ok(loaded.some((path) => heavy["a format reader"]!.test(path)));
      assert.ok(loaded.some((path) => heavy["a package that reads a format"]!.test(path)));
    });
  });
});
