import { languageOf } from "../language.ts";
import { type ExportedData, type Person, titleOf } from "../provenance.ts";
import type { PlacedTransform } from "./layout.ts";
import { mediaTypeOf } from "./media_type.ts";

/** One thing in the description of a crate (JSON-LD). */
export type Entity = Readonly<Record<string, unknown>>;

export function reference(id: string): Entity {
  return { "@id": id };
}

/** One reference stands alone, as RO-Crate recommends. */
export function references(ids: readonly string[]): Entity | Entity[] {
  return ids.length === 1 ? reference(ids[0]!) : ids.map(reference);
}

/** A time as rows hold it, in the form of ISO 8601 that the profile shows. */
export function crateTime(text: string): string {
  return text.replace(" ", "T").replace(/(\.\d{3})\d+$/, "$1") + "+00:00";
}

/** How data is in a crate. */
export interface InCrate {
  readonly id: string;
  /** The names of what a collection holds. */
  readonly members: readonly string[];
  /** Uids of the runs that a file is the log or environment of. */
  readonly about: readonly string[];
  /** In bytes, where the file is not the one that was recorded. */
  readonly size: number | undefined;
}

/** Data under the name that it has in the crate. */
export function entityOfData(data: ExportedData, { id, members, about, size }: InCrate): Entity {
  const { row, version, createdBy } = data;
  const shared = {
    name: about.length === 0 ? titleOf(data) : row.description ?? titleOf(data),
    identifier: row.uid,
    version,
    dateCreated: crateTime(row.created_at),
    creator: reference(personId(createdBy)),
    ...(row.description === null ? {} : { description: row.description }),
    ...(about.length === 0 ? {} : { about: references(about.map(runId)) }),
  };
  if (data.kind === "collection") {
    return { "@id": id, "@type": "Collection", ...shared, hasPart: references(members) };
  }
  const bytes = size ?? data.row.size;
  const content = {
    ...(bytes === null ? {} : { contentSize: String(bytes) }),
    ...(data.sha256 === undefined || size !== undefined ? {} : { sha256: data.sha256 }),
  };
  const { n_files, suffix } = data.row;
  if (n_files !== null) return { "@id": id, "@type": "Dataset", ...shared, ...content };
  const encodingFormat = mediaTypeOf(suffix || titleOf(data));
  return { "@id": id, "@type": "File", ...shared, ...content, encodingFormat };
}

/** The version of a transform: a file of source code, or a program that is only named. */
export function entityOfTransform({ transform, path, id }: PlacedTransform): Entity {
  const { row, version } = transform;
  const shared = {
    name: row.key,
    identifier: row.uid,
    version,
    ...(row.description === null ? {} : { description: row.description }),
    ...urlOf(row.reference),
  };
  if (path === undefined) {
    return { "@id": id, "@type": "SoftwareApplication", ...shared, softwareVersion: version };
  }
  return {
    "@id": id,
    "@type": ["File", "SoftwareSourceCode"],
    ...shared,
    programmingLanguage: languageOf(row.key),
    encodingFormat: mediaTypeOf(row.key) === "application/octet-stream"
      ? "text/plain"
      : mediaTypeOf(row.key),
    contentSize: String(new TextEncoder().encode(row.source_code ?? "").length),
  };
}

function urlOf(text: string | null): Entity {
  if (text === null || !/^https?:\/\//.test(text) || !URL.canParse(text)) return {};
  return { url: new URL(text).href };
}

export function personId({ uid }: Person): string {
  return `#person-${encodeURIComponent(uid)}`;
}

export function runId(uid: string): string {
  return `#run-${encodeURIComponent(uid)}`;
}
