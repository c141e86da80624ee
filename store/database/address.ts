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
  };

/** The address for people and logs: without what nobody is to see. */
export function shownAddress(address: DatabaseAddress): string {
  return address.kind === "sqlite" ? address.path : withoutPassword(address.url);
}

/** Whether a URL is one of a Postgres server. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
