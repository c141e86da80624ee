import { LaminError } from "../store/errors.ts";

/** What the verbs that fetch can fetch. */
export type Entity = "artifact" | "collection" | "transform";

export interface EntityWords {
  readonly entity: Entity;
  readonly references: readonly string[];
}

const entities: readonly string[] = ["artifact", "collection", "transform"];

/** A page of LaminHub, as Python's program takes it for a record. */
const page = /^https:\/\/lamin\.ai\/[^/]+\/[^/]+\/(artifact|collection|transform)\/([0-9A-Za-z]+)$/;

/**
 * Reads `REFERENCE…` and the ways of Python's program (COMPAT §12): `ENTITY --uid UID`,
 * `ENTITY --key KEY` and the address of a page. A first word that is an entity counts as one only
 * when something follows. Throws code "usage" when nothing is named.
 */
export function entityWords(
  flags: { readonly uid?: string; readonly key?: string },
  words: readonly string[],
): EntityWords {
  const flagged = [flags.uid, flags.key].filter((value) => value !== undefined);
  const [first, ...rest] = words;
  const isEntity = entities.includes(first ?? "") && rest.length + flagged.length > 0;
  const named = [...(isEntity ? rest : words), ...flagged];
  if (named.length === 0) {
    throw new LaminError("usage", "nothing is named", {
      hint: "give a key, a uid, a folder of keys, or '.' for everything",
    });
  }
  const [, kind, uid] = named.length === 1 ? page.exec(named[0]!) ?? [] : [];
  if (kind !== undefined) return { entity: kind as Entity, references: [uid!] };
  return { entity: isEntity ? first as Entity : "artifact", references: named };
}
