import { id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { hasType, sqlRecord, tracksRun, tracksUpdates, typeRules, uid } from "./groups.ts";

/** A paper, a page, a document (COMPAT §7.1). */
export const reference = registry("lamindb.Reference", {
  id: id(),
  uid: uid(12, "random_12"),
  name: varchar(255, { indexed: true }),
  description: optional.text(),
  abbr: optional.varchar(32, { indexed: true }),
  url: optional.varchar(200, { indexed: true }),
  pubmed_id: optional.bigint({ indexed: true }),
  doi: optional.varchar(255, { indexed: true }),
  text: optional.text(),
  date: optional.date(),
  ...hasType("lamindb_reference", "references"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  ...typeRules("reference", "3d37c"),
  manyToMany: [
    many("artifacts", "lamindb_artifact", "lamindb_artifactreference", "references"),
    many("transforms", "lamindb_transform", "lamindb_transformreference", "references"),
    many("collections", "lamindb_collection", "lamindb_collectionreference", "references"),
    many("linked_in_records", "lamindb_record", "lamindb_recordreference", "linked_references"),
    many("records", "lamindb_record", "lamindb_referencerecord", "references"),
  ],
});
