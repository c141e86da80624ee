import { id, optional, varchar } from "../columns.ts";
import { many, registry } from "../registry.ts";
import { createdAt, tracksUpdates, uid } from "./groups.ts";

/** A person who wrote to the instance. */
export const user = registry("lamindb.User", {
  id: id(),
  uid: uid(8),
  handle: varchar(30, { unique: true }),
  name: optional.varchar(150, { indexed: true }),
  created_at: createdAt,
  ...tracksUpdates,
}, {
  nameField: "handle",
  manyToMany: [
    many("linked_in_records", "lamindb_record", "lamindb_recorduser", "linked_users"),
    many("artifacts", "lamindb_artifact", "lamindb_artifactuser", "users"),
  ],
});
