import { withoutPassword } from "../../store/without_password.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { partedRoot, schemeOf } from "../instance/remote_root.ts";

/** A location in two parts, as OpenLineage names data: `s3://bucket` and the name in it. */
export interface Location {
  /** `file`, `s3://bucket`, `https://host`, … */
  readonly namespace: string;
  readonly name: string;
}

/** The URL of an artifact's bytes, each name in it encoded, without a password. */
export function urlOf(instance: Instance, row: ArtifactRow): string {
  const { root: stored = "" } = instance.storages.get(row.storage_id) ?? {};
  const { root } = partedRoot(withoutPassword(stored));
  const path = encodedPath(storageKeyOf(row));
  const folder = root.replace(/\/+$/, "");
  if (schemeOf(root) !== "file") return `${withoutLogin(folder)}/${path}`;
  return `file://${encodedPath(folder.startsWith("/") ? folder : `/${folder}`)}/${path}`;
}

/** The parts of a URL that {@link urlOf} gave. */
export function locationOf(url: string): Location {
  const [, scheme = "", host = "", name = ""] = /^([^:]+):\/\/([^/]*)\/?(.*)$/s.exec(url) ?? [];
  if (scheme === "file") return { namespace: "file", name: `/${decoded(name)}` };
  return { namespace: `${scheme}://${host}`, name: decoded(name) };
}

/** A key or path for a URL: its `/` stay. */
export function encodedPath(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

function decoded(name: string): string {
  return name.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // the root's own spelling
    }
  }).join("/");
}

/** A user's name has no place in what goes to strangers either. */
function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}
