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
