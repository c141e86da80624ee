import { id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  hasType,
  sqlRecord,
  statusCode,
  tracksRun,
  tracksUpdates,
  typeRules,
  uid,
} from "./groups.ts";

/** What people work on; nearly everything can be labelled with it (COMPAT §7.1). */
export const project = registry("lamindb.Project", {
  id: id(),
  uid: uid(12, "random_12"),
  name: varchar(255, { indexed: true }),
  description: optional.text(),
  abbr: optional.varchar(32, { indexed: true }),
  url: optional.varchar(255),
  start_date: optional.date(),
  end_date: optional.date(),
  /**
   * -3 planned, -2 up next, -1 active, 0 completed, 1 background, 2 paused, 3 canceled, 4 archived.
   */
  _status_code: statusCode(),
  ...hasType("lamindb_project", "projects"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  ...typeRules("project", "e2567"),
  manyToMany: [
    many("parents", "lamindb_project", "lamindb_project_parents", "children"),
    many("predecessors", "lamindb_project", "lamindb_project_predecessors", "successors"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactproject", "projects"),
    many("transforms", "lamindb_transform", "lamindb_transformproject", "projects"),
    many("runs", "lamindb_run", "lamindb_runproject", "projects"),
    many("ulabels", "lamindb_ulabel", "lamindb_ulabelproject", "projects"),
    many("features", "lamindb_feature", "lamindb_featureproject", "projects"),
    many("schemas", "lamindb_schema", "lamindb_schemaproject", "projects"),
    many("linked_in_records", "lamindb_record", "lamindb_recordproject", "linked_projects"),
    many("records", "lamindb_record", "lamindb_projectrecord", "projects"),
    many("collections", "lamindb_collection", "lamindb_collectionproject", "projects"),
    many("references", "lamindb_reference", "lamindb_project_references", "projects"),
    many("blocks", "lamindb_block", "lamindb_blockproject", "projects"),
    many("users", "lamindb_user", "lamindb_projectuser", "projects"),
  ],
});
