import { foreign, id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { auxiliary, statusCode, tracksCreation, uid } from "./groups.ts";

/**
 * A line of changes to records; -1 is the trash, 0 the archive, 1 is `main` (COMPAT §5.8). Status:
 * -2 closed, -1 merged, 0 standalone, 1 draft, 2 review.
 */
export const branch = registry("lamindb.Branch", {
  id: id(),
  uid: uid(12, "random_12"),
  name: varchar(100, { indexed: true }),
  description: optional.text(),
  space_id: foreign("lamindb_space", { default: 1 }),
  ...tracksCreation,
  _status_code: statusCode(),
  _aux: auxiliary,
}, {
  unique: [{ name: "unique_branch_name_lower", columns: ["LOWER(name)"] }],
  manyToMany: [
    many("users", "lamindb_user", "lamindb_branchuser", "branches"),
    many("ulabels", "lamindb_ulabel", "lamindb_branchulabel", "branches"),
    many("projects", "lamindb_project", "lamindb_branchproject", "branches"),
  ],
});
