import { id, optional } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  externalReference,
  hasType,
  madeByRun,
  sqlRecord,
  tracksCreation,
  tracksUpdates,
  typeRules,
  uid,
} from "./groups.ts";

/** A row of a sheet, or a sheet: a thing with values of features (COMPAT §7.5). */
export const record = registry("lamindb.Record", {
  id: id(),
  uid: uid(16, "random_16"),
  name: optional.varchar(150, { indexed: true }),
  description: optional.text(),
  ...externalReference,
  extra_data: optional.json(),
  schema_id: optional.foreign("lamindb_schema", { onDelete: "CASCADE", reverse: "records" }),
  ...hasType("lamindb_record", "records"),
  ...tracksCreation,
  run_id: madeByRun("output_records"),
  ...tracksUpdates,
  ...sqlRecord,
}, {
  ...typeRules("record", "56c18", "type_id, is_type"),
  manyToMany: [
    many("linked_records", "lamindb_record", "lamindb_recordrecord", "linked_in_records", [
      "record_id",
      "value_id",
    ]),
    many("parents", "lamindb_record", "lamindb_record_parents", "children"),
    many("input_of_runs", "lamindb_run", "lamindb_record_input_of_runs", "input_records"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactrecord", "records"),
    many("runs", "lamindb_run", "lamindb_runrecord", "records"),
    many("transforms", "lamindb_transform", "lamindb_transformrecord", "records"),
    many("collections", "lamindb_collection", "lamindb_collectionrecord", "records"),
  ],
});
