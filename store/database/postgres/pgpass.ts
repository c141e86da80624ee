import { LaminError } from "../../errors.ts";
import { FileError, type Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { isLocal, type ServerAddress } from "./server_address.ts";

/** Permission bits of others than the owner. */
const others = 0o077;

/**
 * The password for a server: from its URL, from PGPASSWORD, or from the user's password file
 * (PostgreSQL manual, 34.16), in this order; undefined when there is none. Throws code "denied"
 * when others than its owner may read the file.
 */
export function passwordFor(
  host: Host,
  address: ServerAddress,
  user: string,
): string | undefined {
  return address.password ?? host.environment("PGPASSWORD") ?? inFile(host, address, user);
}

function inFile(host: Host, address: ServerAddress, user: string): string | undefined {
  const path = host.environment("PGPASSFILE") ?? join(host.homeDirectory(), ".pgpass");
  const text = readPrivate(host, path);
  if (text === undefined) return undefined;
  const isSocket = address.host.startsWith("/");
  const hosts = isSocket && isLocal(address) ? [address.host, "localhost"] : [address.host];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const [lineHost, port, database, lineUser, password] = fields(line);
    if (password === undefined || password === "") continue;
    const fits = (field: string | undefined, wanted: string) => field === "*" || field === wanted;
    if (
      hosts.some((one) => fits(lineHost, one)) && fits(port, String(address.port)) &&
      fits(database, address.database) && fits(lineUser, user)
    ) return password;
  }
  return undefined;
}

/** The fields between colons; `\` takes away the meaning of the character after it. */
function fields(line: string): string[] {
  const found = line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? [];
  return found.map((field) => field.replace(/:$/, "").replace(/\\(.)/g, "$1"));
}

function readPrivate(host: Host, path: string): string | undefined {
  try {
    const stat = host.files.stat(path);
    if (stat === null || stat.kind !== "file") return undefined;
    if (host.platform !== "windows" && (stat.mode & others) !== 0) {
      throw new LaminError("denied", `others may read ${path}, so its passwords are not used`, {
        hint: `run 'chmod 600 ${path}'`,
        data: { path },
      });
    }
    return new TextDecoder().decode(host.files.readFile(path));
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
