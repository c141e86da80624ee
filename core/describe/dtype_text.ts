import type { Reader } from "../../store/database/database.ts";
import { parseDtype } from "../feature/dtype.ts";
import { record } from "../registry/lamindb/record.ts";
import { ulabel } from "../registry/lamindb/ulabel.ts";

/**
 * Dtypes as Python shows them: without `cat[…]`, the uid of a type of labels or records replaced by
 * the type's name: `cat[ULabel[GDR7Y8k8]]` as `ULabel[Treatment]`. Two queries for all of them.
 */
export async function dtypeTexts(
  reader: Reader,
  dtypes: readonly (string | null)[],
): Promise<Map<string | null, string>> {
  const types = dtypes.map((text) => text === null ? undefined : parseDtype(text).records[0]);
  const names = new Map<string, string>();
  for (const [model, registry] of [["ULabel", ulabel], ["Record", record]] as const) {
    const uids = types.flatMap((type) =>
      type?.registry === model && type.typeUid !== undefined ? [type.typeUid] : []
    );
    if (uids.length === 0) continue;
    const list = reader.dialect.valuesOf([...new Set(uids)]);
    const rows = await reader.select(registry, `uid IN (${list.sql})`, list.parameters);
    for (const { uid, name } of rows) names.set(`${model}[${uid}]`, `${model}[${name ?? "None"}]`);
  }
  return new Map(dtypes.map((text, index) => {
    const type = types[index];
    const uid = `${type?.registry}[${type?.typeUid}]`;
    return [text, withoutCat((text ?? "").replace(uid, () => names.get(uid) ?? uid))];
  }));
}

/** The dtype with each `cat[…]` taken off what it stands around. */
function withoutCat(dtype: string): string {
  const [first, ...others] = dtype.split("cat[");
  return first + others.map((part) => part.slice(0, -1)).join("");
}
