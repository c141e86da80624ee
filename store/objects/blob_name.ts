import { LaminError } from "../errors.ts";

/**
 * The name without a `/` at its end, when it stays inside its storage on the given platform. Names
 * come from databases, so they are checked wherever one becomes a path.
 *
 * @throws LaminError "denied".
 */
export function checkedName(name: string, platform: string): string {
  const bare = name.endsWith("/") ? name.slice(0, -1) : name;
  // Windows takes `\` as separator and `C:` as a drive; elsewhere they are ordinary characters.
  const escapes = name.includes("\0") || (platform === "windows" && /[\\:]/.test(name)) ||
    bare.split("/").some((part) => part === "" || part === "." || part === "..");
  if (!escapes) return bare;
  throw new LaminError("denied", `${JSON.stringify(name)} is not a name inside the storage`, {
    data: { name },
  });
}

/** The failure of a blob that is not there. */
export function noBytesAt(name: string, cause?: unknown): LaminError {
  return new LaminError("not_found", `there are no bytes at ${name}`, { data: { name }, cause });
}

/** The failure of a name that another blob has. */
export function nameTaken(name: string): LaminError {
  return new LaminError("conflict", `there are other bytes at ${name}`, { data: { name } });
}
