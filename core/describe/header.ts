import { versionSuffix } from "../identity/uid.ts";
import type { AnyRow } from "../query/query.ts";
import type { Registry } from "../registry/registry.ts";
import { nameOfRow } from "./scope.ts";
import { type Line, span } from "./tree.ts";

/** `Artifact: key (version)` with the description on a line of its own, or `CellType: T cell`. */
export function headerOf(registry: Registry, row: AnyRow): Line[] {
  const kind = span(`${registry.model}: `, "kind");
  if (!("is_latest" in registry.columns)) {
    return [[kind, span(nameOfRow(registry, row), "name")]];
  }
  const title: Line = [
    kind,
    span(typeof row.key === "string" ? row.key : "", "name"),
    span(` (${versionOf(row)})`, "dim"),
  ];
  return [title, ...descriptionLine(row)];
}

/** The description as a line under a title, if there is one. */
export function descriptionLine({ description }: AnyRow): Line[] {
  return typeof description === "string" && description !== ""
    ? [[span("|   description: ", "dim"), span(description)]]
    : [];
}

/** The tag of a version, or the four characters that end its uid. */
export function versionOf(row: AnyRow): string {
  return row.version_tag ? String(row.version_tag) : versionSuffix(String(row.uid));
}
