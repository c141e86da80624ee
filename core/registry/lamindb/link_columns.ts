import type { Column, OnDelete, UniqueConstraint } from "../../../store/database/table.ts";
import { foreign, optional } from "../columns.ts";

/** The column `<name>_id` of a link table. */
export type End<Name extends string> = { readonly [K in `${Name}_id`]: Column<number> };

export interface EndSettings {
  /** The table that it points to, where it is not `lamindb_<name>`. */
  readonly table?: string;
  readonly reverse?: string;
  readonly onDelete?: OnDelete;
}

/** One side of a link: the column that points to a registry. */
export function end<const Name extends string>(
  name: Name,
  { table = `lamindb_${name}`, ...settings }: EndSettings,
): End<Name> {
  return { [`${name}_id`]: foreign(table, settings) } as End<Name>;
}

/**
 * Both sides: the host, whose links go when it goes, and the label, which cannot go while in use.
 */
export function ends<const Host extends string, const Label extends string>(
  host: Host,
  label: Label,
): End<Host> & End<Label> {
  return {
    ...end(host, { onDelete: "CASCADE", reverse: `links_${label}` }),
    ...end(label, { reverse: `links_${host}` }),
  };
}

/** The feature for which a link was made, if any; `model` is `module.Class`. */
export const forFeature = (model: string) => ({
  feature_id: optional.foreign("lamindb_feature", { reverse: `links_${className(model)}` }),
});

/** The feature that a value belongs to. */
export const ofFeature = (model: string) => ({
  feature_id: foreign("lamindb_feature", { reverse: `links_${className(model)}` }),
});

/** The columns once without a feature, and once with each. */
export function oncePerFeature(
  model: string,
  columns: readonly string[],
  withFeature: readonly string[] = [...columns, "feature_id"],
): readonly UniqueConstraint[] {
  const name = `unique_${className(model)}`;
  return [
    { name: `${name}_null_feature`, columns, where: "feature_id IS NULL" },
    { name, columns: withFeature, where: "feature_id IS NOT NULL" },
  ];
}

function className(model: string): string {
  return model.split(".")[1]!.toLowerCase();
}
