import { LaminError } from "../../errors.ts";
import type { ServerAddress } from "./server_address.ts";

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: unknown;
}

/** Why a server was not reached, in a sentence; errors of the program as they are. */
export function connectFailure(error: unknown, address: ServerAddress): LaminError {
  if (error instanceof LaminError) return error;
  const code = codeOf(error);
  const { host, port, shown } = address;
  const place = host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host}, port ${port}`;
  const because = { cause: error, data: { address: shown } };
  const failed = (message: string, hint: string) =>
    new LaminError("failed", message, { ...because, hint });
  switch (code) {
    case "ECONNREFUSED":
    case "ENOENT":
      return failed(
        `no server listens at ${place}`,
        "see whether it runs, and whether host and port are right",
      );
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return failed(`there is no host '${host}'`, "see whether its name is right, and the network");
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return failed(
        `no answer from ${place} within ${address.timeoutSeconds} s`,
        "see whether host and port are right, and the network",
      );
    case "EACCES":
    case "EPERM":
      return new LaminError("denied", `the system forbids to connect to ${place}`, because);
    case "ECONNRESET":
    case "EPIPE":
      return failed(
        `the server at ${place} ended the connection before it was made`,
        "see whether it is a Postgres server and still runs, then run the command again",
      );
    default:
      return certificateFailure(error, address) ??
        failed(`cannot connect to ${place}`, "see whether host, port and network are right");
  }
}

function certificateFailure(error: unknown, address: ServerAddress): LaminError | undefined {
  const text = `${codeOf(error) ?? ""} ${(error as Failure | undefined)?.message ?? ""}`;
  if (!/cert|signature|altname|issuer|tls|ssl|handshake/i.test(text)) return undefined;
  return new LaminError("denied", `the server at ${address.host} is not known by its certificate`, {
    cause: error,
    hint: "give the file of the authority that signed it: ?sslmode=verify-full&sslrootcert=…",
    data: { address: address.shown },
  });
}

/** A name with several addresses fails with all their errors together. */
function codeOf(error: unknown): string | undefined {
  const { code, errors } = (error ?? {}) as Failure;
  if (typeof code === "string") return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : undefined;
}
