import { isoTime, linksBy, type Person, type Provenance, titleOf } from "../provenance.ts";
import { actionOf, parameterEntities } from "./action.ts";
import { type Entity, entityOfData, entityOfTransform, personId, reference } from "./entities.ts";
import type { Layout } from "./layout.ts";

export interface CrateRequest {
  readonly name?: string;
  /** A URL, an identifier of SPDX such as `CC-BY-4.0`, or a text. */
  readonly license?: string;
  readonly now: Date;
}

/** The name of the file that describes a crate. */
export const metadataName = "ro-crate-metadata.json";

const profile = "https://w3id.org/ro/wfrun/process/0.5";

/**
 * What a crate says of itself: RO-Crate 1.1 with the Process Run Crate profile 0.5, where each run
 * is an action with its software, its inputs and its results.
 */
export function crateMetadata(
  provenance: Provenance,
  layout: Layout,
  request: CrateRequest,
): Entity {
  const { runs, data, slug } = provenance;
  const [made, read] = [linksBy(provenance, "from"), linksBy(provenance, "to")];
  const idOf = (name: string) => layout.artifacts.get(name)?.id ?? collectionId(provenance, name);
  const actions = [...runs].map(([name, run]) =>
    actionOf(run, layout.transforms.get(run.transform.row.uid)!.id, {
      inputs: (read.get(name) ?? []).map(({ from }) => idOf(from)),
      results: (made.get(name) ?? []).map(({ to }) => idOf(to)),
    })
  );
  const about = new Map([...runs].flatMap(([, { row, report, environment }]) =>
    [report, environment].flatMap((file) => file === undefined ? [] : [[file, row.uid] as const])
  ));
  const files = [...data].map(([name, one]) =>
    entityOfData(one, idOf(name), one.kind === "collection" ? one.members.map(idOf) : [], about.get(name))
  );
  const code = [...layout.transforms.values()].map(entityOfTransform);
  const license = licenseOf(request.license);
  const titles = provenance.roots.map((name) => nameOfRoot(provenance, name));
  const root: Entity = {
    "@id": "./",
    "@type": "Dataset",
    name: request.name ?? `${titles.join(", ")} with its history`,
    description: `${titles.join(", ")} of the LaminDB instance ${slug}, with what it was made ` +
      `from: ${files.length} data sets and ${actions.length} runs`,
    datePublished: request.now.toISOString(),
    license: reference(license["@id"] as string),
    conformsTo: reference(profile),
    hasPart: [...files, ...code].filter(isPart).map(({ "@id": id }) => reference(id as string)),
    mentions: [...actions, ...files.filter(({ "@type": type }) => type === "Collection")]
      .map(({ "@id": id }) => reference(id as string)),
  };
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
      root,
      { "@id": profile, "@type": "CreativeWork", name: "Process Run Crate", version: "0.5" },
      license,
      ...files,
      ...code,
      ...actions,
      ...[...runs.values()].flatMap(parameterEntities),
      ...peopleOf(provenance),
    ],
  };
}

function isPart({ "@type": type }: Entity): boolean {
  return type === "File" || type === "Dataset" || Array.isArray(type) && type.includes("File");
}

function nameOfRoot({ data, runs }: Provenance, name: string): string {
  const one = data.get(name);
  if (one !== undefined) return titleOf(one);
  const run = runs.get(name)!;
  return `the run of ${run.transform.row.key} at ${isoTime(run.row.started_at)}`;
}

function collectionId({ data }: Provenance, name: string): string {
  return `#collection-${encodeURIComponent(data.get(name)?.row.uid ?? name)}`;
}

function peopleOf({ data, runs }: Provenance): Entity[] {
  const people = new Map<string, Person>();
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

function licenseOf(text: string | undefined): Entity {
  if (text === undefined) {
    return {
      "@id": "#license",
      "@type": "CreativeWork",
      name: "No license was stated",
      description: "Ask the people who made the data before you use it.",
    };
  }
  const isUrl = /^https?:\/\//.test(text) && URL.canParse(text);
  const isIdentifier = /^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(text);
  const id = isUrl
    ? new URL(text).href
    : isIdentifier
    ? `https://spdx.org/licenses/${text}`
    : "#license";
  return { "@id": id, "@type": "CreativeWork", name: text, description: `The license ${text}.` };
}
