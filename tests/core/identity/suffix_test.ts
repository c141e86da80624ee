import assert from "node:assert/strict";
import { fileName, lastSuffixOf, suffixesOf } from "../../../core/identity/file_name.ts";
import { isFolderSuffix, suffixOf } from "../../../core/identity/suffix.ts";
import {
  compositeFormats,
  encodingFormats,
  simpleFormats,
} from "../../../core/identity/suffix_formats.ts";
import { fileFacts, pythonCorpus } from "../python_corpus.ts";

Deno.test("suffixes are those that LaminDB and pathlib give", () => {
  assert.ok(pythonCorpus.suffixes.length > 150);
  for (const [name, canonical, raw, last, all] of pythonCorpus.suffixes) {
    const shown = JSON.stringify(name);
    assert.deepEqual(suffixOf(name), { canonical, raw }, shown);
    assert.equal(lastSuffixOf(name), last, shown);
    assert.deepEqual(suffixesOf(name), all, shown);
  }
  for (const [path, { suffix }] of Object.entries(fileFacts.files)) {
    assert.equal(suffixOf(path).canonical, suffix, path);
  }
});

Deno.test("the formats are LaminDB's, all of them", () => {
  assert.deepEqual([...simpleFormats].sort(), pythonCorpus.formats.simple);
  assert.deepEqual([...compositeFormats].sort(), pythonCorpus.formats.composite);
  assert.deepEqual([...encodingFormats].sort(), pythonCorpus.formats.encoding);
});

Deno.test("the examples of COMPAT §5.3 come out", () => {
  const examples: ReadonlyArray<readonly [string, string]> = [
    ["r_1.fastq.gz", ".fastq.gz"],
    ["A.TSV.GZ", ".tsv.gz"],
    ["im.ome.tif", ".tif"],
    ["d.h5ad.tar.gz", ".h5ad.tar.gz"],
    ["a.unknown", ""],
    ["a.unknown.gz", ".gz"],
    ["x.nii.gz", ".gz"],
    ["x.R", ""],
    ["x.qmd", ""],
    ["v.1.2.csv", ".csv"],
    ["x.spatialdata.zarr", ".zarr"],
  ];
  for (const [name, suffix] of examples) assert.equal(suffixOf(name).canonical, suffix, name);
});

Deno.test("fileName is the last segment that counts", () => {
  assert.equal(fileName("a/b.csv"), "b.csv");
  assert.equal(fileName("a/b.csv/./"), "b.csv");
  assert.equal(fileName("a/.."), "..");
  assert.equal(fileName("/"), "");
});

Deno.test("a folder of a data set's name is one artifact", () => {
  const one = [
    "x.zarr",
    "X.ZARR",
    "a/b.anndata.zarr/",
    "im.ome.zarr",
    "x.tiledbsoma",
    "x.tiledb",
    "x.soma",
    "x.parquet",
    "m.savedmodel",
  ];
  const many = [
    "x",
    "zarr",
    ".zarr",
    "x.zarr.d",
    "x.zarr/y",
    "run.1",
    "x.csv",
    "conf.d",
    "",
    "x.zarr.",
  ];
  for (const name of one) assert.ok(isFolderSuffix(name), name);
  for (const name of many) assert.ok(!isFolderSuffix(name), name);
});
