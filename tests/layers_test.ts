import assert from "node:assert/strict";
import { absolute, filesOf, importedFile, importsOf, textOf } from "./sources.ts";

/**
 * What the files of each layer may import: data goes cli → core → store, modules plug into core.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  store: ["store"],
  core: ["core", "store"],
  modules: ["modules", "core", "store"],
  cli: ["cli", "core", "store"],
};

/** Where modules are plugged in. */
const plugs = ["cli/modules.ts", "cli/formats.ts"];

const sources = filesOf(".ts").filter((path) => Object.hasOwn(allowed, layerOf(path)));

function layerOf(path: string): string {
  return path.split("/")[0]!;
}

Deno.test("layers: imports go one way, and modules are known in one place", () => {
  assert.ok(sources.length > 200, "the files are found");
  const wrong: string[] = [];
  for (const path of sources) {
    for (const specifier of importsOf(path)) {
      const file = importedFile(path, specifier);
      if (file === undefined || (path === "cli/version.ts" && file === "deno.json")) continue;
      const layers = plugs.includes(path) ? [...allowed.cli!, "modules"] : allowed[layerOf(path)]!;
      const isOther = layerOf(path) === "modules" && layerOf(file) === "modules" &&
        file.split("/")[1] !== path.split("/")[1];
      if (!layers.includes(layerOf(file)) || isOther) wrong.push(`${path} → ${file}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("layers: packages come by the names of deno.json, each of a fixed version", () => {
  const { imports } = JSON.parse(textOf("deno.json")) as { imports: Record<string, string> };
  for (const [name, target] of Object.entries(imports)) {
    assert.match(target, /^npm:(@[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+(\/[\w./-]+)?$/, name);
  }
  const names = Object.keys(imports);
  const isKnown = (specifier: string) =>
    specifier.startsWith(".") || specifier.startsWith("node:") ||
    names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  const unknown = sources.flatMap((path) =>
    importsOf(path).filter((specifier) => !isKnown(specifier)).map((one) => `${path}: ${one}`)
  );
  assert.deepEqual(unknown, []);
});

/** What stands ready for the next stores, held to its contract by tests alone until then. */
const waiting = new Set([
  "store/objects/memory.ts",
  "store/objects/memory_batch.ts",
]);

Deno.test("layers: every file is part of the program", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", absolute("cli/main.ts")],
  }).output();
  assert.equal(code, 0);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string; error?: string }[];
  };
  assert.deepEqual(modules.filter(({ error }) => error !== undefined), []);
  const used = new Set(modules.map(({ specifier }) => specifier));
  const unused = sources.filter((path) =>
    !waiting.has(path) && !used.has(new URL(absolute(path), "file:").href)
  );
  assert.deepEqual(unused, []);
});
