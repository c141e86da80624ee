import { optional, smallId, varchar } from "../columns.ts";
import { registry } from "../registry.ts";
import { createdAt, uid } from "./groups.ts";

/** Who may see a record; local instances have the one space `all`. */
export const space = registry("lamindb.Space", {
  id: smallId(),
  uid: uid(12, "random_12"),
  name: varchar(100, { indexed: true }),
  description: optional.text(),
  created_at: createdAt,
  created_by_id: optional.foreign("lamindb_user", { onDelete: "CASCADE" }),
}, { unique: [{ name: "unique_space_name_lower", columns: ["LOWER(name)"] }] });
