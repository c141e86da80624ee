import type { Instance } from "../core/instance/instance.ts";
import { findArtifact, keysOf } from "../core/reference/resolve.ts";
import { artifact } from "../core/registry/lamindb/artifact.ts";
import type { Registry } from "../core/registry/registry.ts";
import type { RegistrySet } from "../core/registry/registry_set.ts";
import { snakeCase } from "../core/registry/words.ts";
import { LaminError } from "../store/errors.ts";

/** Python's way to name a record. */
export interface RecordFlags {
  readonly uid?: string;
  readonly key?: string;
  readonly name?: string;
}

/** Which records a command is to work on. */
export interface RecordsMeant {
  /** Undefined for artifacts. */
  readonly registry?: Registry;
  readonly references: readonly string[];
}

/**
 * Reads `REFERENCE…`, `REGISTRY REFERENCE…` and Python's `REGISTRY --uid UID`. A first word that is
 * a registry is taken for one when something follows. Throws code "usage" when nothing is named,
 * "ambiguous" when that word is also the key of an artifact.
 */
export async function recordsMeant(
  instance: Instance,
  registries: RegistrySet,
  flags: RecordFlags,
  words: readonly string[],
): Promise<RecordsMeant> {
  const flagged = [flags.uid, flags.key, flags.name].filter((value) => value !== undefined);
  const [first, ...rest] = words;
  const registry = first === undefined ? undefined : namedRegistry(registries, first);
  const isRegistry = registry !== undefined && (rest.length > 0 || flagged.length > 0);
  if (first !== undefined && flagged.length > 0 && !isRegistry) {
    throw new LaminError(
      "usage",
      `'${first}' is no registry, so --uid, --key and --name say too much`,
    );
  }
  const references = [...(isRegistry ? rest : words), ...flagged];
  if (references.length === 0) {
    throw new LaminError("usage", "nothing is named", {
      hint: "give keys, uids or folders; or a registry and names of its records",
    });
  }
  if (!isRegistry) return { references };
  await requireNoSuchKey(instance, registry, first!);
  return registry.name === artifact.name ? { references } : { registry, references };
}

function namedRegistry(registries: RegistrySet, word: string): Registry | undefined {
  try {
    return registries.find(word);
  } catch (error) {
    if (error instanceof LaminError) return undefined;
    throw error;
  }
}

async function requireNoSuchKey(
  instance: Instance,
  registry: Registry,
  word: string,
): Promise<void> {
  const found = await instance.database.read((reader) =>
    findArtifact(instance, reader, word, "all").catch(() => undefined)
  );
  if (found?.key == null || !keysOf(instance, word).includes(found.key)) return;
  const whole = `${registry.module}.${snakeCase(registry.model)}`;
  throw new LaminError("ambiguous", `'${word}' is a registry and the key of an artifact`, {
    hint: `say ./${word} for the artifact, ${whole} for the registry`,
  });
}
