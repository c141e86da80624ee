import { isSensitiveName, nameLengthMax } from "./secret_names.ts";
import { isReference, redacted } from "./secret_shapes.ts";

/** What assigns a text in the languages that one finds: `=`, `:`, `:=`, `=>`, `<-`. */
const assignment = /(?:=>|<?<-|:?=|:)\s{0,20}[rRbBuU]{0,2}("""|'''|["'`])/g;

/**
 * Puts {@link redacted} in place of texts in quotes that are assigned to a name of a secret, as
 * LaminDB does (COMPAT §6.1): to variables, arguments, entries of dictionaries, also where a type
 * stands between. What is not quoted is left: it names a variable. `"<postgres URL>"` with a
 * password goes whatever it is assigned to.
 */
export function withoutAssignedSecrets(source: string): string {
  let result = "";
  let done = 0;
  for (const match of source.matchAll(assignment)) {
    const quote = match[1]!;
    const start = match.index + match[0].length;
    if (match.index < done) continue;
    const end = source.indexOf(quote, start);
    if (end === -1) continue;
    const value = source.slice(start, end);
    if (quote.length === 1 && value.includes("\n")) continue;
    const isSecret = value !== "" && !isReference(value) &&
      (isPostgresUrl(value) || namesBefore(source, match.index).some(isSensitiveName));
    if (!isSecret) continue;
    result += source.slice(done, start) + redacted;
    done = end;
  }
  return result + source.slice(done);
}

/** The names to which what stands at `end` assigns: one, or with its type the one before, too. */
function namesBefore(source: string, end: number): string[] {
  const before = source.slice(Math.max(0, end - nameLengthMax), end).trimEnd();
  const quoted = /(["'])([^"']+)\1\s*\]?$/.exec(before);
  if (quoted !== null) return [quoted[2]!];
  // As in `token: str | None = "…"`.
  const typed = /([A-Za-z_]\w*)\s*:[\w.[\]| ]*$/.exec(before);
  const name = /[A-Za-z_][\w.-]*$/.exec(before);
  return [name?.[0], typed?.[1]].filter((found) => found !== undefined);
}

function isPostgresUrl(value: string): boolean {
  return /^\s*postgres(?:ql)?:\/\/[^:@/\s]+:[^@/\s]+@[^/\s]+(?:\/\S*)?\s*$/i.test(value);
}
