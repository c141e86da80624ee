/** The scheme of the URL of a server or bucket, such as `s3`; undefined for paths. */
export function remoteSchemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
}

/** The scheme of a root; `file` for a folder of this machine. */
export function schemeOf(root: string): string {
  return remoteSchemeOf(root) ?? "file";
}
