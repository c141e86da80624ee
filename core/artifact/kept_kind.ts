/** So begin the kinds of artifacts that LaminDB keeps for itself: logs and environments of runs. */
const keptPrefix = "__lamindb";

/** Whether an artifact of this kind is one that LaminDB keeps for itself (COMPAT §5.1). */
export function isKeptKind(kind: string | null | undefined): boolean {
  return kind?.startsWith(keptPrefix) ?? false;
}

/** SQL that is true where the kind in `column` is of data, or none at all. */
export function isOfData(column: string): string {
  return `(${column} IS NULL OR substr(${column}, 1, ${keptPrefix.length}) <> '${keptPrefix}')`;
}
