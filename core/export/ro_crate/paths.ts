import { LaminError } from "../../../store/errors.ts";
import { parseRelativePath } from "../../identity/key.ts";

/**
 * Gives each thing in a crate a path of its own that every system can write: the one that is
 * wanted, or where that is no safe path or another has it, one that is made of the uid.
 */
export class CratePaths {
  /** Paths of files, folders and those above them, as systems without case see them. */
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** `wanted` comes from the database and may be anything. */
  take(folder: string, wanted: string, uid: string, suffix = ""): string {
    const name = wanted.slice(wanted.lastIndexOf("/") + 1);
    const own = encodeURIComponent(uid.toWellFormed());
    for (const path of [`${folder}/${wanted}`, `${folder}/${own}/${name}`]) {
      if (isSafe(path) && this.#admits(path)) return path;
    }
    const path = `${folder}/${own}/${isSafe(`content${suffix}`) ? `content${suffix}` : "content"}`;
    if (isSafe(path) && this.#admits(path)) return path;
    throw new LaminError("failed", `nothing in a crate can be named after the uid '${uid}'`, {
      data: { uid },
    });
  }

  #admits(path: string): boolean {
    const parts = path.normalize("NFC").toLowerCase().split("/");
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const whole = parts.join("/");
    if (this.#files.has(whole) || this.#folders.has(whole)) return false;
    if (above.some((folder) => this.#files.has(folder))) return false;
    this.#files.add(whole);
    for (const folder of above) this.#folders.add(folder);
    return true;
  }
}

function isSafe(path: string): boolean {
  try {
    parseRelativePath(path);
    return true;
  } catch (error) {
    if (error instanceof LaminError) return false;
    throw error;
  }
}
