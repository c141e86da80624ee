import type { Reader } from "../../store/database/database.ts";
import { LaminError } from "../../store/errors.ts";
import { branch } from "../registry/lamindb/branch.ts";

/** As many characters as LaminDB's column takes. */
const longest = 100;

/**
 * Makes sure that a branch can have a name: one line, since LaminDB keeps it in a file of lines,
 * and no other one's name in any case, nor its uid. Throws code "usage" or "conflict".
 */
export async function requireFreeName(reader: Reader, name: string, own?: number): Promise<void> {
  const fault = faultOf(name);
  if (fault !== undefined) {
    throw new LaminError("usage", `a branch cannot be called ${JSON.stringify(name)}`, {
      hint: fault,
      data: { branch: name },
    });
  }
  const rows = await reader.select(branch);
  const taken = rows.find((row) =>
    row.id !== own && (row.uid === name || row.name.toLowerCase() === name.toLowerCase())
  );
  if (taken === undefined) return;
  throw new LaminError("conflict", `there is a branch '${taken.name}' (${taken.uid}) already`, {
    hint: `'lamin switch ${taken.name}' switches to it`,
    data: { branch: taken.name, uid: taken.uid },
  });
}

function faultOf(name: string): string | undefined {
  if (name.trim() === "") return "give it a name";
  if (name !== name.trim()) return "leave out the spaces around it";
  if (name.startsWith("-")) return "names that begin with a dash are taken for options";
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return "leave out line breaks and control characters";
  if ([...name].length > longest) return `take at most ${longest} characters`;
  return undefined;
}
