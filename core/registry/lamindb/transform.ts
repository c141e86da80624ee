import { foreign, id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  externalReference,
  hash,
  isVersioned,
  madeByRun,
  sqlRecord,
  tracksCreation,
  tracksUpdates,
  uid,
} from "./groups.ts";

/** A script, notebook, pipeline or function, one row a version (COMPAT §6.1). */
export const transform = registry("lamindb.Transform", {
  id: id(),
  uid: uid(16),
  key: varchar(1024, { indexed: true }),
  description: optional.text({ indexed: true }),
  kind: varchar(20, { indexed: true, appDefault: "pipeline" }),
  source_code: optional.text(),
  hash,
  ...externalReference,
  environment_id: optional.foreign("lamindb_artifact", {
    onDelete: "CASCADE",
    reverse: "_environment_of_transforms",
  }),
  plan_id: optional.foreign("lamindb_artifact", {
    onDelete: "CASCADE",
    reverse: "_plan_for_transforms",
  }),
  ...isVersioned,
  ...tracksCreation,
  created_by_id: foreign("lamindb_user", { generated: "user", reverse: "created_transforms" }),
  run_id: madeByRun("output_transforms"),
  ...tracksUpdates,
  ...sqlRecord,
}, {
  nameField: "key",
  unique: [{ columns: ["key", "hash"] }],
  manyToMany: [
    many("ulabels", "lamindb_ulabel", "lamindb_transformulabel", "transforms"),
    many("linked_in_records", "lamindb_record", "lamindb_recordtransform", "linked_transforms"),
    many("predecessors", "lamindb_transform", "lamindb_transformtransform", "successors", [
      "successor_id",
      "predecessor_id",
    ]),
  ],
});
