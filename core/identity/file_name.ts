/**
 * The last segment of a path, as Python's `PurePosixPath.name` takes it: empty and `.` segments do
 * not count, and a path without any other has the empty name.
 */
export function fileName(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last !== "" && last !== ".") return last;
  return path.split("/").findLast((segment) => segment !== "" && segment !== ".") ?? "";
}

/**
 * All suffixes of a path's last segment, in order and with their dots, as `PurePath.suffixes` of
 * Python 3.11 gives them: leading dots do not start one, and a name that ends in a dot has none.
 */
export function suffixesOf(path: string): string[] {
  const name = fileName(path);
  if (name.endsWith(".")) return [];
  return name.replace(/^\.+/, "").split(".").slice(1).map((suffix) => `.${suffix}`);
}

/**
 * The last suffix as `PurePath.suffix` of Python 3.11 gives it; unlike `suffixesOf`, `..csv` has
 * one.
 */
export function lastSuffixOf(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf(".");
  return dot > 0 && dot < name.length - 1 ? name.slice(dot) : "";
}

/** With so many ends remembered all are forgotten: names are no bounded set. */
const endsMax = 1000;

/**
 * Remembers what follows from the suffixes of paths: it is the same for all names that are alike
 * from their first dot on, unless that stands at their beginning.
 */
export function bySuffixes<T>(of: (path: string) => T): (path: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return (path) => {
    const name = fileName(path);
    const dot = name.indexOf(".");
    if (dot === 0) return of(path);
    const end = dot < 0 ? "" : name.slice(dot);
    const there = known.get(end);
    if (there !== undefined) return there.answer;
    if (known.size === endsMax) known.clear();
    const answer = of(path);
    known.set(end, { answer });
    return answer;
  };
}
