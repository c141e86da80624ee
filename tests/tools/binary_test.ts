import assert from "node:assert/strict";
import metadata from "../../deno.json" with { type: "json" };
import { binary, dist } from "../../tools/build/paths.ts";
import { run } from "../../tools/build/run.ts";
import { smoke } from "../../tools/smoke.ts";
import { test } from "../skip.ts";

const notBuilt = await Deno.stat(binary).then(() => undefined, () => "dist/lamin is not built");
const noBundle = await Deno.stat(`${dist}/bundle/main.js`)
  .then(() => undefined, () => "dist/bundle is not built");

test("the executable does the work of a first day", notBuilt, async () => {
  await smoke(binary);
});

test("the executable takes no orders from the folder that it runs in", notBuilt, async () => {
  const folder = await Deno.makeTempDir({ prefix: "lamin-test-" });
  try {
    const files = {
      "hostile.ts": 'console.log("hostile code ran")',
      "bunfig.toml": 'preload = ["./hostile.ts"]',
      ".env": "LAMIN_SETTINGS_DIR=/nowhere\nNODE_OPTIONS=--require=./hostile.ts",
      "package.json": '{"name": "hostile", "imports": {"#x": "./hostile.ts"}}',
      "tsconfig.json": '{"compilerOptions": {"paths": {"*": ["./hostile.ts"]}}}',
      "deno.json": '{"imports": {"node:fs": "./hostile.ts"}}',
    };
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, content);
    }
    const surroundings = { cwd: folder, clearEnv: true, env: { HOME: folder } };
    const { stdout, stderr } = await run(binary, ["--version"], surroundings);
    assert.deepEqual({ stdout: stdout.trim(), stderr }, { stdout: metadata.version, stderr: "" });
    const made = await run(binary, ["init"], surroundings);
    assert.ok(made.ok && !made.stdout.includes("hostile code"), made.stdout + made.stderr);
    assert.ok(await Deno.stat(`${folder}/.lamindb`), "made elsewhere");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The pieces of the bundle that are loaded when this one is, itself included. */
async function loadedWith(piece: string, seen = new Map<string, string>()) {
  if (seen.has(piece)) return seen;
  const code = await Deno.readTextFile(`${dist}/bundle/${piece}`);
  seen.set(piece, code);
  for (const [, other] of code.matchAll(/(?:^|from |import )"\.\/([^"]+\.js)"/gm)) {
    await loadedWith(other!, seen);
  }
  return seen;
}

test("the bundle starts with little, the verbs are pieces of their own", noBundle, async () => {
  const pieces = [...(await loadedWith("main.js")).values()];
  const code = pieces.join("\n");
  assert.ok(pieces.length > 1, "the bundle is one piece");
  assert.ok(code.length < 100_000, `${code.length} characters are loaded at every start`);
  for (const late of ["node:sqlite", "node:crypto", "node:child_process", "hyparquet"]) {
    assert.ok(!code.includes(`from "${late}"`), `${late} is loaded at every start`);
  }
});
