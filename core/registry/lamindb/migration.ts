import { bigId, datetime, varchar } from "../columns.ts";
import { registry } from "../registry.ts";

/** Which changes of LaminDB's schema a database has been through (COMPAT §2.3). */
export const migration = registry("lamindb.Migration", {
  id: bigId(),
  app: varchar(255),
  name: varchar(255),
  applied: datetime(),
}, { table: "django_migrations" });
