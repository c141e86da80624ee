import { id, optional, varchar } from "../columns.ts";
import { registry } from "../registry.ts";
import { sqlRecord, tracksRun, tracksUpdates, uid } from "./groups.ts";

/** A folder or bucket that holds the bytes of artifacts (COMPAT §5.7). */
export const storage = registry("lamindb.Storage", {
  id: id(),
  uid: uid(12, "random_12"),
  root: varchar(255, { unique: true }),
  description: optional.text(),
  /** local, s3, gs, hf, http or https. */
  type: varchar(30, { indexed: true }),
  /** Region of a bucket, host name of a local folder. */
  region: optional.varchar(64, { indexed: true }),
  /** The instance that may write here. */
  instance_uid: optional.varchar(12, { indexed: true }),
  ...tracksRun,
  ...tracksUpdates,
  ...sqlRecord,
}, { nameField: "root" });
