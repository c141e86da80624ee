/** A value of JSON; what is undefined in it is left out. */
export type Fields = Readonly<Record<string, unknown>>;

/** The versions of OpenLineage's schemas that are written, by their names. */
const schemaVersions = {
  DatasetVersionDatasetFacet: "1-0-1",
  DatasourceDatasetFacet: "1-0-1",
  DatasetTypeDatasetFacet: "1-0-1",
  DocumentationDatasetFacet: "1-1-0",
  DocumentationJobFacet: "1-1-0",
  ErrorMessageRunFacet: "1-0-1",
  ExecutionParametersRunFacet: "1-0-0",
  InputStatisticsInputDatasetFacet: "1-0-0",
  JobTypeJobFacet: "2-0-4",
  OutputStatisticsOutputDatasetFacet: "1-0-2",
  OwnershipDatasetFacet: "1-0-1",
  OwnershipJobFacet: "1-0-1",
  ParentRunFacet: "1-2-0",
  ProcessingEngineRunFacet: "1-1-1",
  SourceCodeJobFacet: "1-0-1",
  SourceCodeLocationJobFacet: "1-1-0",
  SymlinksDatasetFacet: "1-0-1",
} as const;

const base = "https://openlineage.io/spec";

/** The schema of events. */
export const coreSchema = `${base}/2-0-2/OpenLineage.json`;

/** Makes facets of one program, which each of them names. */
export class Facets {
  /** `producer` is a URI. */
  constructor(readonly producer: string) {}

  /** A facet of OpenLineage's own. */
  standard(name: keyof typeof schemaVersions, fields: Fields): Fields {
    const schema = `${base}/facets/${schemaVersions[name]}/${name}.json#/$defs/${name}`;
    return { _producer: this.producer, _schemaURL: schema, ...fields };
  }

  /** A facet of ours: OpenLineage lets anybody add some that have what all facets have. */
  own(kind: "RunFacet" | "JobFacet" | "DatasetFacet", fields: Fields): Fields {
    return { _producer: this.producer, _schemaURL: `${coreSchema}#/$defs/${kind}`, ...fields };
  }
}

/** The facets that are there. */
export function facetsOf(facets: Readonly<Record<string, Fields | undefined>>): Fields {
  return Object.fromEntries(Object.entries(facets).filter(([, facet]) => facet !== undefined));
}
