/** The scheme of the URL of a server or bucket, such as `s3`; undefined for paths. */
export function remoteSchemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
}

/** The scheme of a root; `file` for a folder of this machine. */
export function schemeOf(root: string): string {
  return remoteSchemeOf(root) ?? "file";
}

/**
 * A root and what stands after it, from the `?` on: of a bucket that is the server it is on. A name
 * in the storage goes between the two.
 */
export function partedRoot(root: string): { readonly root: string; readonly query: string } {
  const start = /^(?:s3|gs):/.test(root) ? root.indexOf("?") : -1;
  return start < 0 ? { root, query: "" } : { root: root.slice(0, start), query: root.slice(start) };
}

/** Whether a root is another one or lies in it; what stands after `?` says on which server. */
export function isRootBelow(outer: string, root: string): boolean {
  const [outerPath = "", outerQuery] = outer.split("?", 2);
  const [path = "", query] = root.split("?", 2);
  const folder = outerPath.replace(/\/+$/, "");
  return query === outerQuery && (path === folder || path.startsWith(`${folder}/`));
}
