import type { ExportedTransform, Person } from "../provenance.ts";
import { languageOf } from "../language.ts";
import { type Facets, facetsOf, type Fields } from "./facet.ts";

/** A transform as a job of OpenLineage, with the source code of the version that ran. */
export function jobOf(
  { row, version }: ExportedTransform,
  owner: Person,
  namespace: string,
  facets: Facets,
): Fields {
  const { reference, reference_type } = row;
  const isUrl = reference !== null && /^https?:\/\/\S+$/.test(reference) &&
    URL.canParse(reference);
  return {
    namespace,
    name: row.key,
    facets: facetsOf({
      jobType: facets.standard("JobTypeJobFacet", {
        processingType: "BATCH",
        integration: "LAMIN",
        jobType: row.kind.toUpperCase(),
      }),
      ownership: facets.standard("OwnershipJobFacet", {
        owners: [{ name: `user:${owner.handle}`, type: "OWNER" }],
      }),
      documentation: row.description === null
        ? undefined
        : facets.standard("DocumentationJobFacet", { description: row.description }),
      sourceCode: row.source_code === null ? undefined : facets.standard("SourceCodeJobFacet", {
        language: languageOf(row.key),
        sourceCode: row.source_code,
      }),
      sourceCodeLocation: isUrl
        ? facets.standard("SourceCodeLocationJobFacet", {
          type: reference_type ?? "url",
          url: new URL(reference).href,
        })
        : undefined,
      lamin_transform: facets.own("JobFacet", { uid: row.uid, version, hash: row.hash }),
    }),
  };
}
