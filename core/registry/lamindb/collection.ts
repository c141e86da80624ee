import { id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  externalReference,
  hash,
  isVersioned,
  sqlRecord,
  tracksCreation,
  tracksUpdates,
  uid,
} from "./groups.ts";

/** A list of artifacts under a key, one row a version (COMPAT §9). */
export const collection = registry("lamindb.Collection", {
  id: id(),
  uid: uid(20, "random_20"),
  key: varchar(255, { indexed: true }),
  description: optional.text(),
  hash,
  ...externalReference,
  meta_artifact_id: optional.foreign("lamindb_artifact", {
    unique: true,
    indexed: false,
    reverse: "_meta_of_collection",
  }),
  schema_id: optional.foreign("lamindb_schema", { reverse: "validated_collections" }),
  ...isVersioned,
  ...tracksCreation,
  run_id: optional.foreign("lamindb_run", { reverse: "output_collections" }),
  ...tracksUpdates,
  ...sqlRecord,
}, {
  nameField: "key",
  unique: [{ name: "unique_collection_key_hash_not_null", columns: ["key", "hash"] }],
  manyToMany: [
    many("ulabels", "lamindb_ulabel", "lamindb_collectionulabel", "collections"),
    many("input_of_runs", "lamindb_run", "lamindb_collection_input_of_runs", "input_collections"),
    many(
      "recreating_runs",
      "lamindb_run",
      "lamindb_collection_recreating_runs",
      "recreated_collections",
    ),
    many("artifacts", "lamindb_artifact", "lamindb_collectionartifact", "collections"),
    many("linked_in_records", "lamindb_record", "lamindb_recordcollection", "linked_collections"),
    many("_actions", "lamindb_artifact", "lamindb_collection__actions"),
  ],
});
