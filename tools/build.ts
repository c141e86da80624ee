/**
 * Makes the executable: `deno task build [--engine deno|bun]`. Prints where it is, its engine, size
 * and SHA-256, and how long it takes to start.
 */
import { bundleSources, compileBundle, type Engine } from "./build/compile.ts";
import { inspectBinary } from "./build/inspect.ts";
import { binary, version } from "./build/paths.ts";

function wantedEngine(words: readonly string[]): Engine | undefined {
  if (words.length === 0) return undefined;
  const [flag, engine] = words.flatMap((word) => word.split("="));
  if (flag === "--engine" && (engine === "deno" || engine === "bun")) return engine;
  console.error("usage: deno task build [--engine deno|bun]");
  Deno.exit(2);
}

const wanted = wantedEngine(Deno.args);
await bundleSources();
const engine = await compileBundle(wanted);
const { bytes, sha256, fastest, median } = await inspectBinary();
console.log(`${binary}
  version  ${version}
  engine   ${engine}
  size     ${(bytes / 1e6).toFixed(1)} MB
  sha256   ${sha256}
  start    ${fastest.toFixed(1)} ms fastest, ${median.toFixed(1)} ms median of 20`);
