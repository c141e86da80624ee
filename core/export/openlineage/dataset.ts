import { locationOf } from "../location.ts";
import { type ExportedData, titleOf } from "../provenance.ts";
import { type Facets, facetsOf, type Fields } from "./facet.ts";

/**
 * Data as a data set of OpenLineage: named by the instance and the key, which all versions share,
 * with the version, the hashes and the place of the bytes as facets.
 */
export function datasetOf(
  data: ExportedData,
  role: "input" | "output",
  namespace: string,
  facets: Facets,
): Fields {
  const { row, version } = data;
  const size = data.kind === "artifact" ? data.row.size : null;
  const statistics = size === null ? undefined : facets.standard(
    role === "input" ? "InputStatisticsInputDatasetFacet" : "OutputStatisticsOutputDatasetFacet",
    { size, fileCount: data.kind === "artifact" ? data.row.n_files ?? 1 : undefined },
  );
  return {
    namespace,
    name: titleOf(data),
    facets: facetsOf({
      version: facets.standard("DatasetVersionDatasetFacet", { datasetVersion: row.uid }),
      datasetType: facets.standard("DatasetTypeDatasetFacet", { datasetType: typeOf(data) }),
      ownership: facets.standard("OwnershipDatasetFacet", {
        owners: [{ name: `user:${data.createdBy.handle}`, type: "OWNER" }],
      }),
      documentation: row.description === null
        ? undefined
        : facets.standard("DocumentationDatasetFacet", { description: row.description }),
      lamin_content: facets.own("DatasetFacet", {
        uid: row.uid,
        version,
        hash: row.hash,
        ...(data.kind === "artifact"
          ? { sha256: data.sha256, hashType: data.row._hash_type, size, suffix: data.row.suffix }
          : {}),
      }),
      ...(data.kind === "artifact" ? placeOf(data.url, facets) : {}),
    }),
    ...(statistics === undefined
      ? {}
      : role === "input"
      ? { inputFacets: { inputStatistics: statistics } }
      : { outputFacets: { outputStatistics: statistics } }),
  };
}

function typeOf(data: ExportedData): string {
  if (data.kind === "collection") return "COLLECTION";
  return data.row.kind === "model" ? "MODEL" : data.row.n_files === null ? "FILE" : "FOLDER";
}

function placeOf(url: string, facets: Facets) {
  const { namespace, name } = locationOf(url);
  const uri = namespace.includes("://") ? namespace : `${namespace}:///`;
  return {
    dataSource: facets.standard("DatasourceDatasetFacet", { name: namespace, uri }),
    symlinks: facets.standard("SymlinksDatasetFacet", {
      identifiers: [{ namespace, name, type: "LOCATION" }],
    }),
  };
}
