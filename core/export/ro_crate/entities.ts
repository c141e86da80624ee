import { languageOf } from "../language.ts";
import { type ExportedData, isoTime, type Person, titleOf } from "../provenance.ts";
import type { PlacedTransform } from "./layout.ts";
import { mediaTypeOf } from "./media_type.ts";

/** One thing in the description of a crate (JSON-LD). */
export type Entity = Readonly<Record<string, unknown>>;

export function reference(id: string): Entity {
  return { "@id": id };
}

/** Data under the name that it has in the crate; `about` is the uid of the run that a file is of. */
export function entityOfData(
  data: ExportedData,
  id: string,
  members: readonly string[],
  about: string | undefined,
): Entity {
  const { row, version, createdBy } = data;
  const shared = {
    name: about === undefined ? titleOf(data) : row.description ?? titleOf(data),
    identifier: row.uid,
    version,
    dateCreated: isoTime(row.created_at),
    creator: reference(personId(createdBy)),
    ...(row.description === null ? {} : { description: row.description }),
    ...(about === undefined ? {} : { about: reference(runId(about)) }),
  };
  if (data.kind === "collection") {
    return { "@id": id, "@type": "Collection", ...shared, hasPart: members.map(reference) };
  }
  const { n_files, size, suffix } = data.row;
  const content = {
    ...(size === null ? {} : { contentSize: String(size) }),
    ...(data.sha256 === undefined ? {} : { sha256: data.sha256 }),
  };
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
