import assert from "node:assert/strict";
import { compareSources } from "../../../core/diff/compare.ts";
import { pickFormat } from "../../../core/diff/pick.ts";
import { memorySource } from "../../../core/format/source.ts";
import { formats } from "../../../modules/formats/formats.ts";
import { denoHost } from "../../../store/host/deno.ts";
import { fileFacts } from "../../core/python_corpus.ts";
import { collected, tableBytes, tableSource } from "./table_facts.ts";

const all = formats(denoHost());

Deno.test("real tables are picked by their format, other content is bytes", async () => {
  for (
    const [name, format] of [
      ["iris.csv", "delimited"],
      ["iris.tsv", "delimited"],
      ["iris.csv.gz", "delimited"],
      ["iris_zstd.parquet", "parquet"],
      ["iris.feather", "binary"],
      ["rich.arrow", "binary"],
    ] as const
  ) assert.equal((await pickFormat(all, tableSource(name))).name, format, name);
  assert.equal((await pickFormat(all, memorySource("x", tableBytes("iris.csv")))).name, "text");
  const pair = [tableSource("iris.csv"), tableSource("iris_none.parquet")] as const;
  assert.equal((await pickFormat(all, ...pair)).name, "binary");
});

Deno.test("bytes are told by size, SHA-256 and the first that differs", async () => {
  const [before, after] = [tableSource("iris.feather"), tableSource("rich.arrow")];
  const { changes, summary } = await collected(compareSources(all, before, after));
  const known = (name: string) => {
    const { size, sha256 } = fileFacts.files[`tables/${name}`]!;
    return { size, sha256 };
  };
  const bytes = [await before.read(0, 100), await after.read(0, 100)];
  const offset = [...bytes[0]!].findIndex((byte, index) => byte !== bytes[1]![index]);
  assert.deepEqual(changes, [
    { kind: "bytes", before: known("iris.feather"), after: known("rich.arrow"), offset },
  ]);
  assert.equal(summary.same, false);
  const shape = await (await pickFormat(all, before)).describe(before);
  assert.deepEqual(shape, { format: "binary", ...known("iris.feather") });
});

Deno.test("a content that begins with the other differs where that ends", async () => {
  const long = new Uint8Array(3_000_000);
  const short = memorySource("a", long.subarray(0, 2_500_000));
  const { changes } = await collected(compareSources(all, short, memorySource("b", long)));
  assert.equal(changes[0]?.kind === "bytes" && changes[0].offset, 2_500_000);
  const same = await collected(compareSources(all, short, short));
  assert.deepEqual([same.changes, same.summary.same, same.summary.identical], [[], true, true]);
});

/** Modules that a module imports before it does anything, itself included. */
function eager(url: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(url.href)) return seen;
  seen.add(url.href);
  const code = Deno.readTextFileSync(url);
  const imports = /^(?:import|export)\s(?!type\s)[^;]*?from\s+"([^"]+)";/gms;
  for (const [, specifier] of code.matchAll(imports)) {
    if (specifier!.startsWith(".")) eager(new URL(specifier!, url), seen);
    else seen.add(specifier!);
  }
  return seen;
}

Deno.test("knowing the formats loads no library; using one loads only its own", () => {
  const from = (path: string) =>
    [...eager(new URL(`../../../modules/formats/${path}`, import.meta.url))]
      .filter((name) => !name.startsWith("file:"));
  assert.deepEqual(from("formats.ts"), []);
  assert.deepEqual(from("text/diff.ts"), []);
  assert.deepEqual(from("delimited/describe.ts"), []);
  assert.deepEqual(from("delimited/diff.ts"), ["fastest-levenshtein"]);
  assert.ok(from("parquet/describe.ts").every((name) => name.startsWith("hyparquet/src/")));
  assert.ok(from("parquet/describe.ts").length > 3);
});
