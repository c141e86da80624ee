import assert from "node:assert/strict";
import { withInstance, type Workspace } from "../lamin.ts";
import { absolute, importsOf, textOf } from "../sources.ts";
import { say } from "./in_process.ts";
import { test } from "../skip.ts";
import { onlyLocal, onlySqlite } from "../test_database.ts";

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
    args: ["run", "-A", `--preload=${absolute("tests/shims/no_network.ts")}`, "--quiet"].concat(
      `--coverage=${folder}`,
      absolute("cli/main.ts"),
      words,
    ),
    cwd: workspace.root,
    env: { HOME: workspace.home, DENO_DIR: cache(), NO_COLOR: "1" },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const start = new URL(absolute(""), "file:").href;
  return [...Deno.readDirSync(folder)].map(({ name }) =>
    (JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) as { url: string }).url
  ).map((url) => url.startsWith(start) ? url.slice(start.length) : url)
    .filter((path) => !path.startsWith("tests/"));
}

function cache(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}

/** Parts of the runtime that files name in their imports, but for those loaded later. */
function runtimeOf(loaded: readonly string[]): string[] {
  const sources = loaded.filter((path) => /^(cli|core|store|modules)\//.test(path));
  const late = (path: string) => [...textOf(path).matchAll(/import\(\s*"(node:[^"]+)"/g)];
  return sources.flatMap((path) => {
    const named = importsOf(path).filter((name) => name.startsWith("node:"));
    const later = late(path).map(([, name]) => name);
    const typesOnly = [...textOf(path).matchAll(/^import type [^;]* from "(node:[^"]+)"/gm)];
    const types = typesOnly.map(([, name]) => name);
    return named.filter((name) => !later.includes(name) && !types.includes(name));
  });
}

/** What can talk to a network. */
const network =
  /\bfetch\(|\bWebSocket\b|\bDeno\.(connect|listen|resolveDns)|node:(http|net|tls|dns)/;

/** Verbs that ask for registries by name need the list of them. */
const byName = ["list", "show"];

test(
  "start-up: everyday verbs load nothing that they do not need",
  onlySqlite ?? onlyLocal,
  async (t) => {
    await withInstance(async (workspace) => {
      workspace.write("a.csv", "x\n1\n");
      await workspace.lamin("add", ".");
      workspace.write("a.csv", "x\n2\n");
      const commands: readonly [string[], string][] = [
        [["--version"], "cli/version.ts"],
        [["status"], "cli/verb/status.ts"],
        [["log"], "cli/verb/log.ts"],
        [["list", "artifact"], "cli/verb/list.ts"],
        [["show", "a.csv"], "cli/verb/show.ts"],
        [["add", "."], "cli/verb/add.ts"],
        [["cat", "a.csv"], "cli/verb/cat.ts"],
        [["__complete", "reference", "a"], "cli/verb/complete.ts"],
      ];
      for (const [words, own] of commands) {
        await t.step(words.join(" "), async () => {
          const loaded = await loadedBy(workspace, ...words);
          assert.ok(loaded.includes(own) && loaded.includes("cli/main.ts"), "the files are found");
          for (const [what, pattern] of Object.entries(heavy)) {
            if (what === "the list of all registries" && byName.includes(words[0]!)) continue;
            assert.deepEqual(loaded.filter((path) => pattern.test(path)), [], what);
          }
          const verbs = loaded.filter((path) => path.startsWith("cli/verb/"));
          const parts = [own, ...byName.includes(words[0]!) ? partsOf(words[0]!) : []];
          assert.deepEqual(verbs.filter((path) => !parts.includes(path)), [], "other verbs");
          assert.deepEqual(
            [...new Set(runtimeOf(loaded))].filter((name) => name !== "node:sqlite"),
            [],
          );
          const talking = loaded.filter((path) =>
            /^\w+\//.test(path) && network.test(textOf(path))
          );
          assert.deepEqual(talking, [], "the network");
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
      await t.step(
        "nothing is hashed, and node:crypto not loaded, where nothing changed",
        async () => {
          const hashings = async (...words: string[]) => {
            let count = 0;
            const { code, stderr } = await say({
              folder: workspace.root,
              home: workspace.home,
              wrap: (host) => ({ ...host, hashing: () => (count++, host.hashing()) }),
            }, ...words);
            assert.equal(code, 0, stderr);
            return count;
          };
          // What was written a moment ago is hashed once more.
          await new Promise((resolve) => setTimeout(resolve, 150));
          // By this engine: Deno tells the time of the last change in whole seconds, others do not.
          await hashings("status");
          for (const words of [["--version"], ["status"], ["log"], ["list", "artifact"]]) {
            assert.equal(await hashings(...words), 0, words.join(" "));
          }
          assert.equal(await hashings("show", "a.csv"), 0);
          workspace.write("a.csv", "x\n3\n");
          assert.ok(await hashings("status") > 0, "this test would see it");
        },
      );
    });
  },
);

/** A verb's own further files. */
function partsOf(verb: string): string[] {
  return [
    `cli/verb/${verb}_records.ts`,
    `cli/verb/${verb}_registries.ts`,
    `cli/verb/${verb}_target.ts`,
  ];
}
