import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import type { ManifestFile } from "../../identity/manifest.ts";
import type { Source } from "./source.ts";

/** A source whose content is known and staged: all that a row needs but the decisions. */
export interface Prepared {
  readonly source: Pick<Source, "path" | "workPath" | "key" | "isFolder">;
  readonly sha256: string;
  /** LaminDB's hash and its type. */
  readonly hash: string;
  readonly hashType: string;
  readonly size: number;
  readonly suffix: string;
  readonly otype: string | null;
  /** Files of a folder; undefined for a file. */
  readonly manifest: readonly ManifestFile[] | undefined;
  /** How many files a folder has whose manifest is not known, since it lies on a server. */
  readonly files?: number;
  /** What the batch is to store for it. */
  readonly staged: readonly StagedBlob[];
  /** Bytes of a pipe that the store had already, should another process collect them now. */
  readonly spare?: StagedBlob;
}
