import { boolean, id, optional, varchar } from "../../core/registry/columns.ts";
import { many, registry } from "../../core/registry/registry.ts";
import { sqlRecord, tracksRun, tracksUpdates, uid } from "../../core/registry/lamindb/groups.ts";

/** One version of an ontology or reference table (COMPAT §11.3). */
export const source = registry("bionty.Source", {
  id: id(),
  uid: uid(8, "source"),
  /** The registry that it fills, as `bionty.CellType`. */
  entity: varchar(255, { indexed: true }),
  organism: varchar(255, { indexed: true }),
  name: varchar(255, { indexed: true }),
  version: varchar(255, { indexed: true }),
  in_db: boolean({ appDefault: false, indexed: true }),
  currently_used: boolean({ appDefault: false, indexed: true }),
  description: optional.text({ indexed: true }),
  url: optional.text(),
  md5: optional.text(),
  source_website: optional.text(),
  dataframe_artifact_id: optional.foreign("lamindb_artifact", {
    reverse: "_source_dataframe_of",
  }),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  unique: [{ columns: ["entity", "name", "organism", "version"] }],
  manyToMany: [
    many("artifacts", "lamindb_artifact", "bionty_source_artifacts", "_source_artifact_of"),
  ],
});
