import { LaminError } from "../../errors.ts";
import { FileError } from "../../host/host.ts";
import type { ServerAddress } from "./server_address.ts";

/** What the server says of a failure (PostgreSQL manual, 55.8, and appendix A for the codes). */
interface ServerFailure {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly table_name?: string;
  readonly constraint_name?: string;
}

/** Whether another transaction stood in the way, so that the same one succeeds when tried again. */
export function isWorthAnotherTry(error: unknown): boolean {
  const code = codeOf(error);
  return code === "40001" || code === "40P01";
}

/** The failure of a statement as an error of the program; others as they are. */
export function serverFailure(error: unknown, address: ServerAddress): unknown {
  if (error instanceof LaminError || error instanceof FileError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const made = byCode(code, address) ?? byClass(code, address) ??
    withItsWords(code, (error ?? {}) as ServerFailure, address);
  if (made === undefined) return error;
  const data = { address: address.shown, sqlstate: code, ...made.data };
  const { hint } = made;
  return new LaminError(made.code, made.message, {
    cause: error,
    data,
    ...(hint === undefined ? {} : { hint }),
  });
}

const nothingChanged = "nothing was changed; run the command again";

/** Codes of the server with a meaning of their own here, and those of the library. */
function byCode(code: string, { shown, user, database }: ServerAddress): LaminError | undefined {
  const who = user === undefined ? "this user" : `'${user}'`;
  switch (code) {
    case "28P01":
    case "28000":
      return new LaminError("denied", `the server refuses ${who} at ${shown}`, {
        hint: "give the right password in PGPASSWORD or in the file ~/.pgpass, and see pg_hba.conf",
      });
    case "3D000":
      return new LaminError("not_found", `the server has no database '${database}'`, {
        hint: `make it first, for example by 'createdb ${database}'`,
      });
    case "42501":
      return new LaminError("denied", `${who} may not do this in the database ${shown}`, {
        hint: "nothing was changed; its owner can grant the right",
      });
    case "25006":
      return new LaminError("denied", `the database ${shown} cannot be written by you`, {
        hint: "nothing was changed; it is a standby, or only reading is allowed there",
      });
    case "53300":
      return new LaminError("busy", `the server of ${shown} takes no more connections`, {
        hint: "wait for others to end and run the command again, or raise max_connections",
      });
    case "53100":
      return new LaminError("failed", `the disk of the server of ${shown} is full`, {
        hint: "nothing was changed; free some space there and run the command again",
      });
    case "53200":
      return new LaminError("failed", `the server of ${shown} has no memory left`, {
        hint: nothingChanged,
      });
    case "55P03":
    case "40001":
    case "40P01":
      return new LaminError("busy", "another process is writing to this instance", {
        hint: "wait for it to end and run the command again; nothing was changed",
      });
    case "57014":
      return new LaminError("failed", `the server of ${shown} stopped the command`, {
        hint: "nothing was changed; its administrator or a time limit ended it",
      });
    case "57P03":
      return new LaminError("busy", `the server of ${shown} is starting or stopping`, {
        hint: "wait a moment and run the command again",
      });
    case "22P05":
    case "22021":
      return new LaminError("usage", "a text with a NUL character cannot be kept in Postgres", {
        hint: "take the character out; instances in SQLite can hold it",
      });
    default:
      return undefined;
  }
}

function byClass(code: string, address: ServerAddress): LaminError | undefined {
  const isLost = code.startsWith("08") || code.startsWith("57P") ||
    ["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED", "ECONNRESET", "EPIPE"]
      .includes(code);
  if (isLost) return lostConnection(address, nothingChanged);
  if (!code.startsWith("XX")) return undefined;
  return new LaminError("damaged", `the server finds the database ${address.shown} damaged`, {
    hint: "see its log; the objects of the instance are unharmed",
  });
}

/** The connection is gone; `hint` says what that means for what was being done. */
export function lostConnection(address: ServerAddress, hint: string): LaminError {
  return new LaminError("failed", `lost the connection to ${address.shown}`, {
    hint,
    data: { address: address.shown },
  });
}

/** Values that the tables refuse. */
function withItsWords(
  code: string,
  { message, table_name: table, constraint_name: constraint }: ServerFailure,
  { shown }: ServerAddress,
): LaminError | undefined {
  const data = { table, constraint };
  switch (code) {
    case "23505":
      return new LaminError("conflict", `${table} has a row with the same values already`, {
        hint: `nothing was changed; the rule is called ${constraint}`,
        data,
      });
    case "23503":
      return new LaminError("conflict", `a row of ${table} refers to a row that is not there`, {
        hint: "nothing was changed; somebody may have removed it meanwhile: run the command again",
        data,
      });
    case "23514":
      return new LaminError("conflict", `the database ${shown} refuses a row of ${table}`, {
        hint: `nothing was changed; the rule is called ${constraint}`,
        data,
      });
    case "54000":
      return new LaminError("usage", "a text is too long for an index of Postgres", {
        hint: `nothing was changed; ${message}`,
      });
    case "22001":
      return new LaminError("usage", "a text is too long for its column in Postgres", {
        hint: `nothing was changed; ${message}`,
      });
    default:
      return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  const root = error instanceof LaminError ? error.cause : error;
  const { code } = (root ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
