import type { TrackedArtifact } from "./tracked.ts";

/** How something in the work tree stands to what is recorded. */
export type Status =
  /** Here and under no key. */
  | "new"
  /** Here with other content than the latest version. */
  | "modified"
  /** Was here and is not any more. */
  | "deleted"
  /** Registered in place and gone, so that nobody has the bytes. */
  | "missing"
  /** Deleted or missing at one path, and new at another. */
  | "renamed"
  /** Recorded, and never was here. */
  | "not fetched"
  /** So, and its bytes are read in a storage that this instance does not manage. */
  | "elsewhere"
  /** Passed over because of a pattern in `.laminignore`. */
  | "ignored";

export interface StatusEntry {
  readonly status: Status;
  /** In the work tree. */
  readonly path: string;
  /** True for a folder that is one artifact or is ignored as a whole. */
  readonly isFolder: boolean;
  /** The artifact that the path stands for, if any. */
  readonly artifact?: TrackedArtifact;
  /** The former path of something renamed. */
  readonly from?: string;
}
