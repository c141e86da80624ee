import { boolean, id, optional } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { hash, hasType, sqlRecord, tracksRun, tracksUpdates, typeRules, uid } from "./groups.ts";

/** Which features data must have, or the schemas of its slots (COMPAT §7.6). */
export const schema = registry("lamindb.Schema", {
  id: id(),
  uid: uid(16),
  name: optional.varchar(150, { indexed: true }),
  description: optional.text(),
  n_members: optional.integer(),
  coerce: optional.boolean(),
  flexible: optional.boolean(),
  itype: optional.varchar(120, { indexed: true }),
  otype: optional.varchar(64, { indexed: true }),
  _dtype_str: optional.varchar(64),
  hash,
  minimal_set: boolean({ appDefault: true, indexed: true }),
  ordered_set: boolean({ appDefault: false, indexed: true }),
  maximal_set: boolean({ appDefault: false, indexed: true }),
  suffix: optional.varchar(30, { indexed: true }),
  ...hasType("lamindb_schema", "schemas"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  ...typeRules("schema", "b403c"),
  manyToMany: [
    many("components", "lamindb_schema", "lamindb_schemacomponent", "composites", [
      "composite_id",
      "component_id",
    ]),
  ],
});
