/**
 * Paths as text, with `/` between the parts. Windows accepts `/` too, so that keys, storage keys
 * and local paths can be joined without a module of the runtime (which would cost start-up time).
 */

/** `root/relative`, where `relative` has no `.` or `..`. */
export function join(root: string, ...parts: readonly string[]): string {
  let path = root;
  for (const part of parts) {
    if (part === "") continue;
    path = path.endsWith("/") ? path + part : `${path}/${part}`;
  }
  return path;
}

/** All before the last `/`; `/` for what lies there, `.` for a bare name. */
export function dirname(path: string): string {
  const end = path.lastIndexOf("/");
  if (end < 0) return ".";
  return end === 0 ? "/" : path.slice(0, end);
}

/** All after the last `/`. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const windowsDrive = /^[A-Za-z]:[\\/]/;

/** Whether the path starts at a root. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || windowsDrive.test(path);
}

/** An absolute path without `.`, `..` and doubled `/`, by text alone; links are not followed. */
export function resolve(from: string, path: string): string {
  const unix = windowsDrive.test(path) ? path.replaceAll("\\", "/") : path;
  const whole = isAbsolute(unix) ? unix : `${from}/${unix}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const joined = parts.join("/");
  return windowsDrive.test(`${joined}/`) ? joined : `/${joined}`;
}

/**
 * The part of `path` below `root`, `""` for the root itself, or undefined when it lies elsewhere.
 */
export function relativeTo(root: string, path: string): string | undefined {
  if (path === root) return "";
  const start = root.endsWith("/") ? root : `${root}/`;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}
