import type { RowOf } from "../../store/database/table.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Link } from "../lineage/lineage.ts";
import type { collection } from "../registry/lamindb/collection.ts";
import type { run } from "../registry/lamindb/run.ts";
import type { transform } from "../registry/lamindb/transform.ts";

/**
 * What is to be told of the history of data: everything in it that could hold a secret was redacted
 * when it was collected, so that no format has to think of it.
 */
export interface Provenance {
  /** `owner/name` of the instance. */
  readonly slug: string;
  /** Artifacts and collections by their node names (see `nodeName`). */
  readonly data: ReadonlyMap<string, ExportedData>;
  /** Runs by their node names, the earliest first. */
  readonly runs: ReadonlyMap<string, ExportedRun>;
  /** Steps in the direction of data. */
  readonly links: readonly Link[];
  /** Node names of what was asked for. */
  readonly roots: readonly string[];
}

export type ExportedData = ExportedArtifact | ExportedCollection;

export interface ExportedArtifact {
  readonly kind: "artifact";
  readonly row: ArtifactRow;
  /** The version tag, or the end of the uid. */
  readonly version: string;
  /** SHA-256 of the content; of a folder, that of its list of files. */
  readonly sha256?: string;
  /** Where the bytes lie, without passwords. */
  readonly url: string;
  readonly createdBy: Person;
}

export interface ExportedCollection {
  readonly kind: "collection";
  readonly row: RowOf<typeof collection>;
  readonly version: string;
  /** Node names of the artifacts in it. */
  readonly members: readonly string[];
  readonly createdBy: Person;
}

export interface ExportedRun {
  readonly row: RowOf<typeof run>;
  readonly transform: ExportedTransform;
  /** One of `runStatus`: `completed`, … */
  readonly status: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Node name of the artifact with the log, and of the one with the environment. */
  readonly report?: string;
  readonly environment?: string;
  /** The run inside of which it was started. */
  readonly initiatedBy?: { readonly uid: string; readonly transformKey: string };
  readonly createdBy: Person;
}

export interface ExportedTransform {
  readonly row: RowOf<typeof transform>;
  readonly version: string;
}

export interface Person {
  readonly uid: string;
  readonly handle: string;
  readonly name: string | null;
}

/** What data is called: its key, or what stands for one. */
export function titleOf({ row }: ExportedData): string {
  return row.key ?? row.description ?? row.uid;
}

/** A time as rows hold it, UTC without a zone, in the form of ISO 8601. */
export function isoTime(text: string): string {
  return `${text.replace(" ", "T")}Z`;
}

/** What a run keeps of itself beside its data. */
export interface RunFile {
  /** Uid of the run. */
  readonly run: string;
  readonly kind: "report" | "environment";
}

/** The artifacts that are logs or environments of runs, by node name: runs may share them. */
export function runFilesOf({ runs }: Provenance): ReadonlyMap<string, readonly RunFile[]> {
  const files = [...runs.values()].flatMap((run) =>
    (["report", "environment"] as const).flatMap((kind) =>
      run[kind] === undefined ? [] : [{ name: run[kind], file: { run: run.row.uid, kind } }]
    )
  );
  return new Map(
    [...Map.groupBy(files, ({ name }) => name)].map(([name, all]) => [
      name,
      all.map(({ file }) => file),
    ]),
  );
}

/** Links by one of their ends. */
export function linksBy(
  { links }: Provenance,
  end: "from" | "to",
): ReadonlyMap<string, readonly Link[]> {
  return Map.groupBy(links, (link) => link[end]);
}
