import type { Registry } from "../../core/registry/registry.ts";
import { qualifiedName } from "../../core/registry/registry_set.ts";

/** What `list` shows of a record to people, by registry. */
const shown: Readonly<Record<string, readonly string[]>> = {
  "lamindb.Artifact": ["uid", "key", "kind", "otype", "size", "created_at", "created_by"],
  "lamindb.Transform": ["uid", "key", "description", "kind", "created_at", "created_by"],
  "lamindb.Run": [
    "uid",
    "transform__key",
    "name",
    "status",
    "started_at",
    "finished_at",
    "created_by",
  ],
  "lamindb.Collection": ["uid", "key", "description", "created_at", "created_by"],
  "lamindb.Feature": ["uid", "name", "dtype", "unit", "type", "is_type", "description"],
  "lamindb.Schema": ["uid", "name", "itype", "otype", "n_members", "created_at", "created_by"],
  "lamindb.Project": ["uid", "name", "abbr", "status", "start_date", "end_date", "description"],
  "lamindb.Reference": ["uid", "name", "abbr", "doi", "url", "date"],
  "lamindb.Storage": ["uid", "root", "type", "region", "description"],
  "lamindb.JsonValue": ["id", "feature__name", "value", "created_at"],
  "bionty.Source": ["uid", "entity", "name", "version", "organism", "currently_used"],
};

/** What is shown of the records of all others, as far as they have it. */
const usual = [
  "uid",
  "id",
  "key",
  "handle",
  "name",
  "symbol",
  "ontology_id",
  "ensembl_gene_id",
  "uniprotkb_id",
  "status",
  "type",
  "is_type",
  "abbr",
  "biotype",
  "synonyms",
  "description",
  "created_at",
];

/** What a narrow terminal has no room for, the least important first. */
export const leastImportant = ["created_by", "otype", "finished_at", "kind", "created_at"];

/** The columns of a registry that people are shown, and whether versions are among them. */
export function listColumns(registry: Registry, allVersions: boolean): string[] {
  const names = shown[qualifiedName(registry)] ?? usual.filter((name) => has(registry, name));
  const versions = allVersions && "is_latest" in registry.columns ? ["version", "is_latest"] : [];
  return [...names.slice(0, 2), ...versions, ...names.slice(2)];
}

function has({ columns }: Registry, name: string): boolean {
  if (name === "id") return !("uid" in columns);
  if (name === "status") return "_status_code" in columns;
  return name in columns || `${name}_id` in columns;
}
