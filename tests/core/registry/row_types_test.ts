import assert from "node:assert/strict";
import { artifact } from "../../../core/registry/lamindb/artifact.ts";
import type { artifactULabel } from "../../../core/registry/lamindb/artifact_links.ts";
import type { ulabelParents } from "../../../core/registry/lamindb/other_links.ts";
import { recordJson } from "../../../core/registry/lamindb/record_links.ts";
import type { cellType } from "../../../modules/bionty/ontologies.ts";
import type { RowOf } from "../../../store/database/table.ts";
import { decodeRow, valueForInsert } from "../../../store/database/values.ts";

/** Compiles only when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
const same = <A, B>(_: Same<A, B>) => {};

Deno.test("rows have the types that their definitions say", () => {
  type Artifact = RowOf<typeof artifact>;
  same<Artifact["key"], string | null>(true);
  same<Artifact["is_latest"], boolean>(true);
  same<Artifact["run_id"], number | null>(true);
  same<Artifact["branch_id"], number>(true);
  same<RowOf<typeof artifactULabel>["ulabel_id"], number>(true);
  same<RowOf<typeof artifactULabel>["feature_id"], number | null>(true);
  same<RowOf<typeof ulabelParents>["from_ulabel_id"], number>(true);
  same<RowOf<typeof cellType>["ontology_id"], string | null>(true);
  same<keyof Artifact extends string ? "no_such_column" extends keyof Artifact ? 1 : 2 : 3, 2>(
    true,
  );
});

Deno.test("a row of the engine becomes one of those types", () => {
  const row = decodeRow(artifact, { id: 7, uid: "u", key: null, is_latest: 1, unknown: "x" });
  assert.equal(row.is_latest, true);
  assert.equal(row.key, null);
  assert.equal(row.size, null);
  assert.deepEqual(Object.keys(row), Object.keys(artifact.columns));
});

Deno.test("JSON that was left out is NULL, or JSON's null where the column must have a value", () => {
  assert.equal(valueForInsert(artifact.columns._aux, undefined, "now"), null);
  assert.equal(valueForInsert(recordJson.columns.value, undefined, "now"), "null");
});
