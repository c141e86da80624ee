/** A server answers where things came from as the file did. */
import assert from "node:assert/strict";
import { atlasAt } from "../cli/atlas.ts";
import { chain, grownSql } from "../core/lineage/grown.ts";
import { withPythonInstance } from "../lamin.ts";
import { changeDatabase } from "../open_instance.ts";
import { test } from "../skip.ts";
import { noMigration, withUrl } from "./place.ts";

const questions: readonly (readonly string[])[] = [
  ["lineage", "processed/cpm.parquet"],
  ["lineage", "raw/counts.csv", "--depth", "2"],
  ["lineage", "raw/counts.csv", "--transforms"],
  ["lineage", "run", "AYElNvu"],
  ["lineage", "collection", "my-RNA-seq-collection"],
  ["lineage", "transform", "analyze.py"],
  ["lineage", "grown/20"],
  ["status", "--stale"],
  ["why", "results/summary.json"],
  ["why", "raw/counts.csv"],
  ["why", "copied.zarr"],
];

test(
  "migrate-db: lineage, why and what is stale are the same afterwards",
  noMigration,
  async () => {
    await withPythonInstance("lamindb-2.12.1", async ({ root, home, write }) => {
      changeDatabase(`${root}/.lamindb/lamin.db`, grownSql(chain(40)));
      const atlas = atlasAt(root, home);
      await atlas.lamin("get", "raw/counts.csv", "results/summary.json", "pbmc/pbmc_v2.zarr");
      write("raw/counts.csv", "gene\n");
      await atlas.lamin("add", "raw/counts.csv");
      Deno.renameSync(`${root}/pbmc/pbmc_v2.zarr`, `${root}/copied.zarr`);
      const ask = async () => {
        const answers = [];
        for (const words of questions) answers.push(await atlas.lamin(...words, "--json"));
        return answers;
      };
      const before = await ask();
      await withUrl(async (url) => {
        await atlas.lamin("migrate-db", url);
        const after = await ask();
        questions.forEach((words, index) => {
          assert.deepEqual(sorted(after[index]!), sorted(before[index]!), words.join(" "));
        });
      });
    });
  },
);

/** Values of a line each; of lists whose order says nothing the members are sorted. */
function sorted(lines: string): unknown {
  // A server always has microseconds.
  const times = lines.replaceAll(/(:\d\d)\.(\d*?)0*"/g, '$1 $2"').replaceAll(/(:\d\d)"/g, '$1 "');
  return times.trimEnd().split("\n").map((line) => {
    const value = JSON.parse(line);
    const text = (one: unknown) => JSON.stringify(one);
    for (const name of ["nodes", "edges"]) {
      value[name]?.sort((a: unknown, b: unknown) => text(a) < text(b) ? -1 : 1);
    }
    return value;
  });
}
