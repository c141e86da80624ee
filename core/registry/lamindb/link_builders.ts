import type { Columns } from "../../../store/database/table.ts";
import { bigId, foreign } from "../columns.ts";
import { link } from "../registry.ts";
import { end, ends, forFeature, ofFeature, oncePerFeature } from "./link_columns.ts";

/**
 * Tables that link two registries (COMPAT §2.6). `model` is `module.Class`; sides are table names
 * without `lamindb_`.
 */

/** Labels of a host, each set for a feature or for none. */
export function featureLink<
  const Host extends string,
  const Label extends string,
  Tracking extends Columns,
>(model: string, host: Host, label: Label, tracking: Tracking) {
  const columns = { id: bigId(), ...ends(host, label), ...forFeature(model), ...tracking };
  return link(model, columns, { unique: oncePerFeature(model, [`${host}_id`, `${label}_id`]) });
}

/** Labels of a host, each once. */
export function plainLink<
  const Host extends string,
  const Label extends string,
  More extends Columns,
>(model: string, host: Host, label: Label, more: More) {
  const columns = { id: bigId(), ...ends(host, label), ...more };
  return link(model, columns, { unique: [{ columns: [`${host}_id`, `${label}_id`] }] });
}

/** Pairs and nothing more, as Django makes them for a many-to-many field. */
export function bareLink<const One extends string, const Other extends string>(
  model: string,
  one: One,
  other: Other,
  tables: { readonly one?: string; readonly other?: string } = {},
) {
  const columns = {
    id: bigId(),
    ...end(one, { onDelete: "CASCADE", table: tables.one ?? `lamindb_${one}` }),
    ...end(other, { onDelete: "CASCADE", table: tables.other ?? `lamindb_${other}` }),
  };
  return link(model, columns, { unique: [{ columns: [`${one}_id`, `${other}_id`] }] });
}

/** Pairs of one registry: a child with a parent, a successor with a predecessor. */
export function selfLink<const Name extends string>(
  model: string,
  name: Name,
  table = `lamindb_${name}`,
) {
  return bareLink(model, `from_${name}`, `to_${name}`, { one: table, other: table });
}

/** Values of a record's features that are records of another registry (COMPAT §7.3). */
export function recordValue(model: string, value: string, reverse = "links_in_record") {
  const columns = {
    id: bigId(),
    ...end("record", { onDelete: "CASCADE", reverse: `values_${value}` }),
    ...ofFeature(model),
    value_id: foreign(`lamindb_${value}`, { reverse }),
  };
  return link(model, columns, { unique: [{ columns: ["record_id", "feature_id", "value_id"] }] });
}
