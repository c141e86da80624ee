import { withoutPassword } from "../without_password.ts";

/** Where the rows of an instance are. */
export type DatabaseAddress =
  | {
    readonly kind: "sqlite";
    /** Absolute path of the file. */
    readonly path: string;
  }
  | {
    readonly kind: "postgres";
    /** As `libpq` takes it: `postgresql://user@host:port/name?…`; it may hold a password. */
    readonly url: string;
  }
  | {
    /** A SQLite file in a bucket, at the place where Python has it. */
    readonly kind: "bucket";
    /** The storage root: `s3://bucket/folder`, with `?endpoint_url=` where it is not AWS's. */
    readonly root: string;
  };

/** The address for people and logs: without what nobody is to see. */
export function shownAddress(address: DatabaseAddress): string {
  switch (address.kind) {
    case "sqlite":
      return address.path;
    case "postgres":
      return withoutPassword(address.url);
    case "bucket":
      return `${address.root.replace(/\?.*$/s, "")}/.lamindb/lamin.db`;
  }
}

/** Whether a URL is one of a Postgres server. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
