import assert from "node:assert/strict";
import { parseDtype, type RecordType } from "../../../core/feature/dtype.ts";

const record = (registry: string, more: Partial<RecordType> = {}): RecordType => ({
  registry,
  field: undefined,
  typeUid: undefined,
  conditions: "",
  ...more,
});

Deno.test("dtype: simple types, alone and in lists", () => {
  for (const text of ["int", "str", "datetime64[ns, UTC]", "dict", "url"]) {
    assert.deepEqual(parseDtype(text), { isList: false, simple: text, records: [] });
    assert.deepEqual(parseDtype(`list[${text}]`), { isList: true, simple: text, records: [] });
  }
});

Deno.test("dtype: records with fields, types and conditions", () => {
  const types: Record<string, RecordType[]> = {
    "cat[ULabel]": [record("ULabel")],
    "cat[bionty.CellType]": [record("bionty.CellType")],
    "cat[ULabel.description]": [record("ULabel", { field: "description" })],
    "cat[bionty.Gene.ensembl_gene_id]": [record("bionty.Gene", { field: "ensembl_gene_id" })],
    "cat[ULabel[GDR7Y8k8]]": [record("ULabel", { typeUid: "GDR7Y8k8" })],
    "cat[Record[B7WykGFBxGaFfTwL].name]": [
      record("Record", { typeUid: "B7WykGFBxGaFfTwL", field: "name" }),
    ],
    "cat[Record[B7WykGFBxGaFfTwL, is_type=True]]": [
      record("Record", { typeUid: "B7WykGFBxGaFfTwL", conditions: "is_type=True" }),
    ],
    "cat[bionty.Disease[source__uid=4a3ejKuf]]": [
      record("bionty.Disease", { conditions: "source__uid=4a3ejKuf" }),
    ],
    "cat[bionty.Tissue|bionty.CellType.ontology_id]": [
      record("bionty.Tissue"),
      record("bionty.CellType", { field: "ontology_id" }),
    ],
    "cat[]": [],
  };
  for (const [text, records] of Object.entries(types)) {
    assert.deepEqual(parseDtype(text), { isList: false, simple: undefined, records }, text);
    assert.deepEqual(
      parseDtype(`list[${text}]`),
      { isList: true, simple: undefined, records },
      text,
    );
  }
});
