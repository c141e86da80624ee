import type { StoredObject } from "../gc/stored_objects.ts";
import type { ManifestFile } from "../identity/manifest.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";

/** What fsck can find. */
export type FindingKind =
  // bytes of artifacts
  | "missing"
  | "wrong size"
  | "damaged" // the bytes have another hash
  | "unreadable"
  | "extra file" // in a folder, and not part of the artifact
  | "overwritten" // an older version of a folder that Python stores only the latest version of
  | "not fetched" // its row came from another instance, its bytes did not yet
  | "elsewhere" // in a storage that another instance manages
  | "unreachable" // in a storage that is not on this machine
  // rows
  | "database"
  | "uid"
  | "key" // no file can be written under it
  | "storage" // a row of a storage that is not there, or a place outside of it
  | "heads" // a family without a latest version, or with several on a branch
  | "record" // rows that disagree with each other
  | "unfinished upload" // Python did not end storing it
  | "unrecorded" // something of lamin's own notes that is not there
  | "left row" // a note of lamin's about something that is no more
  // what gc is for
  | "unreferenced"
  | "unfinished addition"
  | "stray"; // something among the objects that is none

/** One thing that is not as it should be, or worth knowing. */
export interface Finding {
  /** Damage makes fsck fail while it stays; a note does not. */
  readonly severity: "damage" | "note";
  readonly kind: FindingKind;
  readonly uid: string | null;
  readonly key: string | null;
  /** Storage key of the bytes, or where the row is. */
  readonly name: string | null;
  readonly detail: string;
  /** How it could be mended, where that may be possible. */
  readonly mend?: Mend;
}

/** A file that should be there, and what is known of its bytes. */
export interface WantedFile {
  readonly name: string;
  /** In bytes; null where nobody noted it. */
  readonly size: number | null;
  readonly sha256: string | undefined;
  /** LaminDB's hash; bytes can be told by it alone when it is an MD5 of all of them. */
  readonly hash: string | undefined;
  readonly isWholeHash: boolean;
  /** The path in the work tree where the user may have the same bytes. */
  readonly workPath: string | null;
}

/** What a repair is to do. */
export type Mend =
  | { readonly do: "restore"; readonly storageId: number; readonly files: readonly WantedFile[] }
  | { readonly do: "set aside"; readonly storageId: number; readonly name: string }
  | { readonly do: "note content"; readonly content: FoundContent }
  | { readonly do: "note object"; readonly storageId: number; readonly object: StoredObject }
  | { readonly do: "delete content row"; readonly id: number }
  | { readonly do: "delete object row"; readonly id: number }
  | { readonly do: "delete manifest"; readonly manifest: string }
  | { readonly do: "set heads"; readonly table: string; readonly stem: string }
  | { readonly do: "end upload"; readonly artifactId: number };

/** Which content an artifact turned out to have. */
export interface FoundContent {
  readonly row: ArtifactRow;
  readonly sha256: string;
  /** Files of a folder, undefined for a file. */
  readonly manifest: readonly ManifestFile[] | undefined;
}

/** A finding about an artifact. */
export function artifactFinding(
  row: Pick<ArtifactRow, "uid" | "key">,
  name: string | null,
  about: Pick<Finding, "severity" | "kind" | "detail"> & { readonly mend?: Mend | undefined },
): Finding {
  const { severity, kind, detail, mend } = about;
  const finding = { severity, kind, uid: row.uid, key: row.key, name, detail };
  return mend === undefined ? finding : { ...finding, mend };
}
