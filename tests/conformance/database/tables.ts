import * as columns from "../../../core/registry/columns.ts";
import { registry } from "../../../core/registry/registry.ts";

const { id, optional, text, boolean } = columns;

/** A table with a column of every type. */
export const kinds = registry("test.Kind", {
  id: id(),
  name: optional.varchar(255, { indexed: true }),
  note: optional.text({ indexed: true }),
  count: optional.integer(),
  size: optional.bigint(),
  is_good: optional.boolean(),
  aux: optional.json(),
  exact: optional.json({ verbatim: true }),
  at: optional.datetime(),
  day: optional.date(),
});

/** A table in which a text occurs once. */
export const names = registry("test.Name", {
  id: id(),
  name: text({ unique: true }),
  is_on: boolean(),
});

/** Django's table, whose lock the writers of one server take. */
export { migration as migrations } from "../../../core/registry/lamindb/migration.ts";
