import { boolean, foreign, id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { hash, isVersioned, sqlRecord, tracksCreation, tracksUpdates, uid } from "./groups.ts";

/** A file or folder under a key, one row a version (COMPAT §5.1). */
export const artifact = registry("lamindb.Artifact", {
  id: id(),
  uid: uid(20),
  key: optional.varchar(1024, { indexed: true }),
  /** Storage key of the bytes where it is not the key (COMPAT §5.2). */
  _real_key: optional.varchar(1024, { indexed: true }),
  description: optional.text({ indexed: true }),
  suffix: varchar(30, { indexed: true }),
  kind: optional.varchar(20, { indexed: true }),
  otype: optional.varchar(64, { indexed: true }),
  size: optional.bigint({ indexed: true }),
  hash,
  n_files: optional.bigint({ indexed: true }),
  n_observations: optional.bigint({ indexed: true }),
  _hash_type: optional.varchar(30, { indexed: true }),
  _key_is_virtual: boolean(),
  _overwrite_versions: boolean(),
  storage_id: foreign("lamindb_storage", { reverse: "artifacts" }),
  schema_id: optional.foreign("lamindb_schema", { reverse: "validated_artifacts" }),
  extra_data: optional.json(),
  ...isVersioned,
  ...tracksCreation,
  created_by_id: foreign("lamindb_user", { generated: "user", reverse: "created_artifacts" }),
  run_id: optional.foreign("lamindb_run", { reverse: "output_artifacts" }),
  ...tracksUpdates,
  ...sqlRecord,
}, {
  nameField: "key",
  unique: [
    {
      name: "unique_artifact_storage_hash_null_key",
      columns: ["storage_id", "hash"],
      where: "key IS NULL",
    },
    {
      name: "unique_artifact_storage_key_hash_not_null",
      columns: ["storage_id", "key", "hash"],
      where: "key IS NOT NULL",
    },
  ],
  manyToMany: [
    many("input_of_runs", "lamindb_run", "lamindb_artifact_input_of_runs", "input_artifacts"),
    many(
      "recreating_runs",
      "lamindb_run",
      "lamindb_artifact_recreating_runs",
      "recreated_artifacts",
    ),
    many("schemas", "lamindb_schema", "lamindb_artifactschema", "artifacts"),
    many("json_values", "lamindb_jsonvalue", "lamindb_artifactjsonvalue", "artifacts"),
    many("_actions", "lamindb_artifact", "lamindb_artifact__actions", "_action_targets"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactartifact", "linked_by_artifacts", [
      "artifact_id",
      "value_id",
    ]),
    many("linked_in_records", "lamindb_record", "lamindb_recordartifact", "linked_artifacts"),
  ],
});
