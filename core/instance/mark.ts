import type { Host } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { allowAsFolder } from "../../store/host/shared_access.ts";
import { ifThere } from "../../store/objects/if_there.ts";
import { join } from "../../store/path.ts";
import { readText } from "./settings.ts";

/** What `.lamindb/storage_uid.txt` says of a storage root (COMPAT §1.2). */
export interface StorageMark {
  /** Undefined where it is not known from the mark itself. */
  readonly storageUid: string | undefined;
  readonly owner: string | undefined;
  readonly name: string | undefined;
  readonly instanceId: string | undefined;
  readonly instanceUid: string | undefined;
}

/** The file, below the root. */
export const markName = ".lamindb/storage_uid.txt";
/** Its name under LaminDB 1.x. */
const oldMarkName = ".lamindb/_is_initialized";

/** Reads the mark of a storage root, or undefined when there is none. */
export function readMark(host: Host, root: string): StorageMark | undefined {
  return parseMark(readText(host, join(root, markName)) ?? readText(host, join(root, oldMarkName)));
}

/** The mark in the text of its file. */
export function parseMark(text: string | undefined): StorageMark | undefined {
  const [first, ...lines] = text?.split("\n") ?? [];
  if (!first) return undefined;
  const value = (key: string) =>
    lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1).trim() || undefined;
  const [owner, name] = value("instance_slug")?.split("/") ?? [];
  return {
    storageUid: first.trim(),
    owner,
    name,
    instanceId: value("instance_id")?.replaceAll("-", ""),
    instanceUid: value("instance_uid"),
  };
}

/** Text of the mark of a new instance's storage; it ends without a newline, as Python writes it. */
export function markText(mark: {
  storageUid: string;
  slug: string;
  instanceId: string;
  instanceUid: string;
}): string {
  return [
    mark.storageUid,
    "creation info:",
    `instance_slug=${mark.slug}`,
    `instance_id=${mark.instanceId}`,
    `instance_uid=${mark.instanceUid}`,
  ].join("\n");
}

/** Writes the mark; the folder `.lamindb/` must exist. */
export function writeMark(host: Host, root: string, text: string): void {
  const path = join(root, markName);
  replaceFile(host, path, new TextEncoder().encode(text));
  allowAsFolder(host.files, path, 0o666);
}

/** Takes back `writeMark`, if it was done. */
export function removeMark({ files }: Host, root: string): void {
  ifThere(() => files.remove(join(root, markName)));
}
