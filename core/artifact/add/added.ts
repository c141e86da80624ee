import type { ManifestFile } from "../../identity/manifest.ts";
import type { ArtifactRow } from "../storage_key.ts";
import type { Decision } from "./decide.ts";
import type { Prepared } from "./prepare.ts";
import type { Recorded } from "./record.ts";

/** What became of one source: enough to tell of it, since there may be very many. */
export interface Added {
  readonly kind: Decision["kind"] | "updated";
  /** Id of the artifact; undefined when it is only planned. */
  readonly id: number | undefined;
  readonly uid: string;
  readonly key: string | null;
  readonly description: string | null;
  readonly versionTag: string | null;
  /** In bytes. */
  readonly size: number;
  readonly source: Prepared["source"];
  /** Files of a folder; undefined for a file. */
  readonly files: readonly ManifestFile[] | undefined;
  /** All fields; of what is planned and of some others, since the rest is in the database. */
  readonly draft: ArtifactRow | undefined;
}

export function addedOf(
  { kind, row, prepared }: Recorded,
  options: { isPlanned: boolean; keepsRow?: boolean },
): Added {
  return {
    kind,
    id: options.isPlanned && !row.id ? undefined : row.id,
    uid: row.uid,
    key: row.key,
    description: row.description,
    versionTag: row.version_tag,
    size: prepared.size,
    source: prepared.source,
    files: prepared.manifest,
    draft: options.isPlanned || options.keepsRow ? row : undefined,
  };
}
