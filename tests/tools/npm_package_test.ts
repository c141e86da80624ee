import assert from "node:assert/strict";
import metadata from "../../deno.json" with { type: "json" };
import { platformName, thisPlatform } from "../../tools/build/npm_manifest.ts";
import { binary } from "../../tools/build/paths.ts";
import { mustRun, run } from "../../tools/build/run.ts";
import { writePackages } from "../../tools/npm_package.ts";
import { test } from "../skip.ts";

const npm = await run("npm", ["--version"]);
const noNpm = npm.ok ? undefined : "no npm here";
const notBuilt = await Deno.stat(binary).then(() => undefined, () => "dist/lamin is not built");
const noShell = Deno.build.os === "windows" ? "needs a POSIX shell" : undefined;

/** Packs what `writePackages` writes, installs it without network; gives the folder. */
async function install(folder: string, program: string, parts: "with parts" | "without parts") {
  const platform = thisPlatform();
  const folders = await writePackages(`${folder}/packages`, [{ platform, program }]);
  const wanted = parts === "with parts" ? folders : folders.slice(0, 1);
  const packed = await mustRun("npm", ["pack", "--silent", ...wanted], { cwd: folder });
  const tarballs = packed.trim().split("\n").map((name) => `${folder}/${name}`);
  const project = `${folder}/project`;
  await Deno.mkdir(project);
  await Deno.writeTextFile(`${project}/package.json`, "{}");
  const words = ["install", "--offline", "--no-audit", "--no-fund", ...tarballs];
  await mustRun("npm", words, { cwd: project });
  return project;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "lamin-npm-" }));
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes a shell script that stands for the program. */
async function script(folder: string, lines: string): Promise<string> {
  const path = `${folder}/program`;
  await Deno.writeTextFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return path;
}

test("npx lamin runs the program that was built", noNpm ?? notBuilt, async () => {
  await inFolder(async (folder) => {
    const project = await install(folder, binary, "with parts");
    const told = await mustRun("npx", ["--offline", "lamin", "--version"], { cwd: project });
    assert.equal(told.trim(), metadata.version);
  });
});

test("npx lamin hands on words, streams and exit code", noNpm ?? noShell, async () => {
  await inFolder(async (folder) => {
    const program = await script(folder, 'printf "[%s]" "$@"; cat; echo problem >&2; exit 14');
    const project = await install(folder, program, "with parts");
    const line =
      `printf input | npx --offline lamin "a b" "" "*" 2> errors; echo "=$?"; cat errors`;
    const told = await mustRun("sh", ["-c", line], { cwd: project });
    assert.equal(told, "[a b][][*]input=14\nproblem\n");
  });
});

test(
  "a signal reaches the program, and its end by a signal is told",
  noNpm ?? noShell,
  async () => {
    await inFolder(async (folder) => {
      const program = await script(
        folder,
        'trap "echo got TERM; exit 3" TERM; trap "echo got INT; kill -KILL \\$\\$" INT\n' +
          "echo ready; while :; do sleep 0.05; done",
      );
      const project = await install(folder, program, "with parts");
      for (const [signal, end] of [["TERM", "=3"], ["INT", "=137"]]) {
        const line = "node node_modules/lamin/bin/lamin.js < /dev/null > told & pid=$!; " +
          "until grep -q ready told; do sleep 0.05; done; " +
          `kill -${signal} $pid; wait $pid; echo "=$?" >> told; cat told`;
        const told = await mustRun("sh", ["-c", line], { cwd: project });
        assert.equal(told, `ready\ngot ${signal}\n${end}\n`);
      }
    });
  },
);

test(
  "without its part for this computer lamin says what is missing",
  noNpm ?? noShell,
  async () => {
    await inFolder(async (folder) => {
      const project = await install(folder, await script(folder, "exit 0"), "without parts");
      const { ok, stderr } = await run("node", ["node_modules/.bin/lamin"], { cwd: project });
      assert.equal(ok, false);
      const name = `@lamin/${platformName(thisPlatform())}`;
      assert.match(stderr, new RegExp(`^lamin cannot start: .*${name}, is not installed.*\n$`));
    });
  },
);
