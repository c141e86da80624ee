import assert from "node:assert/strict";
import { objectTypeOf } from "../../../core/identity/object_type.ts";
import { fileFacts, fixturePath, pythonCorpus } from "../python_corpus.ts";

Deno.test("object types are those that LaminDB's plain constructor gives", () => {
  for (const { path, files, otype } of pythonCorpus.object_types) {
    const read = files === null ? null : (relativePath: string) => files[relativePath] ?? null;
    assert.equal(objectTypeOf(path, read), otype, JSON.stringify({ path, files }));
  }
});

Deno.test("real files and folders have the type that LaminDB gives", () => {
  for (const [path, { otype, n_files }] of Object.entries(fileFacts.files)) {
    const read = (relativePath: string) => {
      try {
        return Deno.readTextFileSync(`${fixturePath(path)}/${relativePath}`);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    };
    assert.equal(objectTypeOf(path, n_files === null ? null : read), otype, path);
  }
});

Deno.test("nothing is read where the name tells, and only metadata of the root elsewhere", () => {
  const asked: string[] = [];
  const read = (relativePath: string) => {
    asked.push(relativePath);
    return null;
  };
  for (const path of ["x.anndata.zarr", "x.mudata.zarr", "x.parquet", "folder", "x.tiledbsoma"]) {
    objectTypeOf(path, read);
  }
  assert.deepEqual(asked, []);
  objectTypeOf("x.zarr", read);
  assert.deepEqual(asked, ["zarr.json", ".zarray", ".zgroup", ".zattrs"]);
});

Deno.test("a store that cannot be read is an error, not a store without a type", () => {
  const read = () => {
    throw new Error("EIO");
  };
  assert.throws(() => objectTypeOf("x.zarr", read), /EIO/);
});
