import { LaminError } from "../../errors.ts";
import { withoutPassword } from "../../without_password.ts";

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = typeof sslModes[number];

/** A URL of a server, taken apart as `libpq` takes it (PostgreSQL manual, 34.1.1.2). */
export interface ServerAddress {
  /** A name, a number, or the folder of a Unix socket when it begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly sslMode: SslMode;
  /** Path of a file of certificates to trust, or `system`. */
  readonly rootCertificate: string | undefined;
  /** Paths of this user's certificate and its key, where the server asks for one. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly timeoutSeconds: number;
  /** The URL for people: without the password. */
  readonly shown: string;
}

const defaultPort = 5432;
const defaultTimeoutSeconds = 30;

/** Takes a URL apart. Throws code "usage" for one that cannot be understood. */
export function serverAddress(url: string): ServerAddress {
  const shown = withoutPassword(url);
  // A user without a host is right for `libpq`, and wrong for URLs.
  const parsed = URL.parse(url.replace(/^(\w+:\/\/[^/?#]*@)(?=[:/?#]|$)/, "$1localhost"));
  if (parsed === null) throw notUnderstood(shown);
  const parameters = parsed.searchParams;
  const host = parameters.get("host") || decoded(parsed.hostname, shown).replace(/^\[|\]$/g, "") ||
    "localhost";
  const path = decoded(parsed.pathname.slice(1), shown);
  const user = parameters.get("user") || decoded(parsed.username, shown) || undefined;
  const database = parameters.get("dbname") || path || user;
  if (database === undefined || host.includes(",")) throw notUnderstood(shown);
  return {
    host,
    port: number(parameters.get("port") || parsed.port, defaultPort, shown),
    database,
    user,
    password: parameters.get("password") || decoded(parsed.password, shown) || undefined,
    sslMode: sslMode(parameters.get("sslmode") ?? "prefer", shown),
    rootCertificate: parameters.get("sslrootcert") || undefined,
    certificate: parameters.get("sslcert") || undefined,
    key: parameters.get("sslkey") || undefined,
    timeoutSeconds: number(parameters.get("connect_timeout"), defaultTimeoutSeconds, shown),
    shown,
  };
}

/** Whether what is sent there stays on this machine. */
export function isLocal({ host }: ServerAddress): boolean {
  return host.startsWith("/") || host === "localhost" || host === "::1" ||
    /^127\.\d+\.\d+\.\d+$/.test(host);
}

function decoded(part: string, shown: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notUnderstood(shown);
  }
}

function number(text: string | null, otherwise: number, shown: string): number {
  if (!text) return otherwise;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw notUnderstood(shown);
}

function sslMode(text: string, shown: string): SslMode {
  const mode = sslModes.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new LaminError("usage", `there is no sslmode '${text}' for ${shown}`, {
    hint: `give one of ${sslModes.join(", ")}`,
  });
}

function notUnderstood(shown: string): LaminError {
  return new LaminError("usage", `${shown} is no URL of one Postgres database`, {
    hint: "give one such as postgresql://user@host:5432/atlas",
  });
}
