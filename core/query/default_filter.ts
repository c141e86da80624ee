import type { Condition, Dialect } from "../../store/database/database.ts";
import { isOfData } from "../artifact/kept_kind.ts";
import type { Registry } from "../registry/registry.ts";
import { trashBranch } from "../version/branch_ids.ts";
import { sql } from "./condition.ts";
import { type Lookup, mentions } from "./lookup.ts";

/** Which rows are meant where the query does not say. */
export interface DefaultFilters {
  /** Branches to look on; "all" for every one, the trash and the archive included. */
  readonly branches: readonly number[] | "all";
  /** Earlier versions too. */
  readonly allVersions: boolean;
  /** What LaminDB keeps for itself too: logs, environments, configuration. */
  readonly hidden: boolean;
}

/**
 * The conditions that a query has without being asked (COMPAT §8.2): the given branches, unless it
 * asks for rows by `id`, `uid` or `hash`, or for a branch; latest versions, unless it asks for rows
 * so, for versions or in the trash; and no artifacts of a kind that LaminDB keeps for itself,
 * unless it asks for a kind or for rows. Nearly every row meets them, so they are written such that
 * no index on them is taken before one on what was asked for.
 */
export function defaultConditions(
  dialect: Dialect,
  registry: Registry,
  lookups: readonly Lookup[],
  { branches, allVersions, hidden }: DefaultFilters,
): Condition[] {
  const conditions: Condition[] = [];
  const asksForRows = lookups.some(({ segments: [field, operator = "exact", ...more] }) =>
    ["id", "uid", "hash"].includes(field!) && ["exact", "in"].includes(operator) &&
    more.length === 0
  );
  const asks = (...names: string[]) => lookups.some((lookup) => mentions(lookup, names));
  const onBranch = branches !== "all" && !asksForRows && !asks("branch", "branch_id");
  if ("branch_id" in registry.columns && onBranch) {
    const list = branches.map(() => "?").join(", ");
    conditions.push(sql(`${dialect.withoutIndex("branch_id")} IN (${list})`, ...branches));
  }
  const inTrash = branches !== "all" && branches.includes(trashBranch) ||
    lookups.some(({ segments, value }) =>
      segments[0]!.startsWith("branch") && (value === "trash" || value === String(trashBranch))
    );
  const anyVersion = allVersions || asksForRows || inTrash ||
    asks("is_latest", "version", "version_tag");
  if ("is_latest" in registry.columns && !anyVersion) conditions.push(sql("is_latest IS TRUE"));
  if (registry.name === "lamindb_artifact" && !hidden && !asksForRows && !asks("kind", "type")) {
    conditions.push(sql(isOfData("kind")));
  }
  return conditions;
}

/** The lookups without `branch=null`, which only says that every branch is meant. */
export function withoutAnyBranch(lookups: readonly Lookup[]): Lookup[] {
  return lookups.filter(({ name, value }) => !(isBranch(name) && value.toLowerCase() === "null"));
}

function isBranch(name: string): boolean {
  return name === "branch" || name === "branch_id";
}
