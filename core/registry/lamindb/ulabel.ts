import { id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import {
  externalReference,
  hasType,
  sqlRecord,
  tracksRun,
  tracksUpdates,
  typeRules,
  uid,
} from "./groups.ts";

/** A label that belongs to no ontology (COMPAT §7.1). */
export const ulabel = registry("lamindb.ULabel", {
  id: id(),
  uid: uid(8, "random_8"),
  name: varchar(150, { indexed: true }),
  description: optional.text(),
  ...externalReference,
  ...hasType("lamindb_ulabel", "ulabels"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  ...typeRules("ulabel", "863ae"),
  manyToMany: [
    many("parents", "lamindb_ulabel", "lamindb_ulabel_parents", "children"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactulabel", "ulabels"),
    many("linked_in_records", "lamindb_record", "lamindb_recordulabel", "linked_ulabels"),
  ],
});
