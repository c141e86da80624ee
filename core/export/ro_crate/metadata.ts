import { linksBy, type Person, type Provenance, runFilesOf, titleOf } from "../provenance.ts";
import { actionOf, parameterEntities } from "./action.ts";
import {
  crateTime,
  type Entity,
  entityOfData,
  entityOfTransform,
  personId,
  reference,
  references,
} from "./entities.ts";
import type { Layout } from "./layout.ts";
import { licenseEntity } from "./license.ts";

export interface CrateRequest {
  readonly name?: string;
  /** A URL, an identifier of SPDX such as `CC-BY-4.0`, or a text. */
  readonly license?: string;
  /** `2026-11-29`: the same history gives the same crate all day. */
  readonly day: string;
  /** Who makes the crate. */
  readonly author: Person;
}

/** The name of the file that describes a crate. */
export const metadataName = "ro-crate-metadata.json";

const profile = "https://w3id.org/ro/wfrun/process/0.5";

/**
 * What a crate says of itself: RO-Crate 1.1 with the Process Run Crate profile 0.5, where each run
 * is an action with its software, its inputs and its results. `sizes` are those of the files that
 * are not in the crate as they were recorded, in bytes, by path.
 */
export function crateMetadata(
  provenance: Provenance,
  layout: Layout,
  request: CrateRequest,
  sizes: ReadonlyMap<string, number>,
): Entity {
  const { runs } = provenance;
  const files = dataEntities(provenance, layout, sizes);
  const code = [...layout.transforms.values()].map(entityOfTransform);
  const actions = actionEntities(provenance, layout);
  const license = licenseEntity(request.license);
  const mentioned = [...actions, ...files.filter(({ "@type": type }) => type === "Collection")];
  return {
    "@context": ["https://w3id.org/ro/crate/1.1/context", {
      sha256: "https://w3id.org/ro/terms/workflow-run#sha256",
    }],
    "@graph": [
      {
        "@id": metadataName,
        "@type": "CreativeWork",
        about: reference("./"),
        conformsTo: reference("https://w3id.org/ro/crate/1.1"),
      },
      {
        "@id": "./",
        "@type": "Dataset",
        ...titlesOf(provenance, request),
        datePublished: request.day,
        author: reference(personId(request.author)),
        license: reference(license["@id"] as string),
        conformsTo: reference(profile),
        hasPart: referencesTo([...files, ...code].filter(isPart)),
        mentions: referencesTo(mentioned),
      },
      { "@id": profile, "@type": "CreativeWork", name: "Process Run Crate", version: "0.5" },
      license,
      ...files,
      ...code,
      ...actions,
      ...[...runs.values()].flatMap(parameterEntities),
      ...peopleIn(provenance, request.author),
    ],
  };
}

function dataEntities(
  provenance: Provenance,
  layout: Layout,
  sizes: ReadonlyMap<string, number>,
): Entity[] {
  const runFiles = runFilesOf(provenance);
  const idOf = idsIn(provenance, layout);
  return [...provenance.data].map(([name, one]) =>
    entityOfData(one, {
      id: idOf(name),
      members: one.kind === "collection" ? one.members.map(idOf) : [],
      about: (runFiles.get(name) ?? []).map(({ run }) => run),
      size: sizes.get(layout.artifacts.get(name)?.path ?? ""),
    })
  );
}

function actionEntities(provenance: Provenance, layout: Layout): Entity[] {
  const [made, read] = [linksBy(provenance, "from"), linksBy(provenance, "to")];
  const idOf = idsIn(provenance, layout);
  return [...provenance.runs].map(([name, run]) =>
    actionOf(run, layout.transforms.get(run.transform.row.uid)!.id, {
      inputs: (read.get(name) ?? []).map(({ from }) => idOf(from)),
      results: (made.get(name) ?? []).map(({ to }) => idOf(to)),
    })
  );
}

function idsIn({ data }: Provenance, { artifacts }: Layout): (name: string) => string {
  return (name) =>
    artifacts.get(name)?.id ?? `#collection-${encodeURIComponent(data.get(name)?.row.uid ?? name)}`;
}

function referencesTo(entities: readonly Entity[]): Entity | Entity[] {
  return references(entities.map(({ "@id": id }) => id as string));
}

function isPart({ "@type": type }: Entity): boolean {
  return type === "File" || type === "Dataset" || Array.isArray(type) && type.includes("File");
}

function titlesOf(provenance: Provenance, { name }: CrateRequest) {
  const { data, runs, roots, slug } = provenance;
  const titles = roots.map((root) => {
    const one = data.get(root);
    if (one !== undefined) return titleOf(one);
    const { row, transform } = runs.get(root)!;
    return `the run of ${transform.row.key} at ${crateTime(row.started_at)}`;
  }).join(", ");
  return {
    name: name ?? `${titles} with its history`,
    description: `${titles}, from the LaminDB instance ${slug}, with what it was made from.`,
  };
}

function peopleIn({ data, runs }: Provenance, author: Person): Entity[] {
  const people = new Map<string, Person>([[author.uid, author]]);
  for (const { createdBy } of [...data.values(), ...runs.values()]) {
    people.set(createdBy.uid, createdBy);
  }
  return [...people.values()].map((person) => ({
    "@id": personId(person),
    "@type": "Person",
    name: person.name ?? person.handle,
    alternateName: person.handle,
  }));
}
