import { bigId, id, integer, json, optional, smallint, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { hash, hasType, sqlRecord, tracksRun, tracksUpdates, typeRules, uid } from "./groups.ts";

const types = typeRules("feature", "04c90");

/** A dimension of data: a column's name with the type of its values (COMPAT §7.2). */
export const feature = registry("lamindb.Feature", {
  id: id(),
  uid: uid(12, "random_12"),
  name: varchar(150, { indexed: true }),
  _dtype_str: optional.varchar(255, { indexed: true }),
  unit: optional.varchar(30, { indexed: true }),
  description: optional.text(),
  array_rank: smallint({ appDefault: 0, indexed: true }),
  array_size: integer({ appDefault: 0, indexed: true }),
  array_shape: optional.json({ default: "JSON_NULL" }),
  synonyms: optional.text(),
  default_value: optional.json(),
  nullable: optional.boolean(),
  coerce: optional.boolean(),
  _ounit_str: optional.varchar(255, { indexed: true }),
  ...hasType("lamindb_feature", "features"),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, {
  checks: [{
    name: "feature_dtype_str_not_null_when_is_type_false",
    sqlite: '"is_type" OR "_dtype_str" IS NOT NULL',
    postgres: "is_type OR _dtype_str IS NOT NULL",
  }, ...types.checks],
  postgresTriggers: [
    ...types.postgresTriggers,
    "pgtrigger_update_feature_on_name_change_6c32d",
  ],
  manyToMany: [many("schemas", "lamindb_schema", "lamindb_schemafeature", "features")],
});

/** A value of a feature that is no record: a number, text, date, list (COMPAT §7.3). */
export const jsonValue = registry("lamindb.JsonValue", {
  id: bigId(),
  value: json(),
  hash,
  feature_id: optional.foreign("lamindb_feature", { onDelete: "CASCADE", reverse: "values" }),
  ...tracksRun,
  ...sqlRecord,
}, { nameField: "value", unique: [{ columns: ["feature_id", "hash"] }] });
