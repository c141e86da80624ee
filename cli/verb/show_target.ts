import type { DescribeScope } from "../../core/describe/scope.ts";
import type { AnyRow } from "../../core/query/query.ts";
import { resolveArtifact } from "../../core/reference/resolve.ts";
import { recordWith, resolveRecord } from "../../core/reference/resolve_record.ts";
import type { Registry } from "../../core/registry/registry.ts";
import { snakeCase } from "../../core/registry/words.ts";
import { LaminError } from "../../store/errors.ts";

/** A record to show. */
export interface Shown {
  readonly registry: Registry;
  readonly row: AnyRow;
}

/** The record by one of its fields, as Python's command has it. */
export interface Fields {
  readonly uid?: string;
  readonly key?: string;
  readonly name?: string;
}

/**
 * The records that the words of `show` mean: an artifact, or a registry and which of its records.
 * Throws code "not_found" or "ambiguous" with the nearest names, "usage" when a word is missing.
 */
export async function shownRecords(
  scope: DescribeScope,
  flags: Fields,
  args: readonly string[],
): Promise<Shown[]> {
  const { reader, registries, branches: [branch] } = scope;
  const artifacts = registries.find("artifact");
  for (const field of ["uid", "key", "name"] as const) {
    const value = flags[field];
    if (value === undefined) continue;
    const registry = args[0] === undefined ? artifacts : registries.find(args[0]);
    return [{ registry, row: await recordWith(reader, registry, field, value, branch!) }];
  }
  const [first, ...references] = args;
  if (first === undefined) {
    throw new LaminError("usage", "name what to show", {
      hint: "for example 'lamin show data.csv', or 'lamin show transform ingest.py'",
    });
  }
  if (references.length === 0) return [await alone(scope, artifacts, first)];
  const registry = registries.find(first);
  const found: Shown[] = [];
  for (const reference of references) {
    const row = registry === artifacts
      ? await anyArtifact(scope, reference)
      : await resolveRecord(reader, registry, reference, branch!);
    found.push({ registry, row });
  }
  return found;
}

/** One word: an artifact, or `branch` for the current one, as Python's command has it. */
async function alone(scope: DescribeScope, artifacts: Registry, word: string): Promise<Shown> {
  try {
    return { registry: artifacts, row: await anyArtifact(scope, word) };
  } catch (error) {
    const registry = error instanceof LaminError && error.code === "not_found"
      ? registryCalled(scope, word)
      : undefined;
    if (registry === undefined) throw error;
    if (registry.name === "lamindb_branch") {
      const [row] = await scope.reader.select(registry, "id = ?", [scope.branches[0]!]);
      if (row !== undefined) return { registry, row };
    }
    const name = snakeCase(registry.model);
    throw new LaminError("usage", `say which ${name} to show`, {
      hint: `'lamin list ${name}' lists them, 'lamin show ${name} NAME' shows one`,
      data: { registry: registry.name },
    });
  }
}

function registryCalled({ registries }: DescribeScope, word: string): Registry | undefined {
  try {
    return registries.find(word);
  } catch {
    return undefined;
  }
}

/** The artifact that is meant, in the trash if nowhere else. */
async function anyArtifact(
  { instance, reader }: DescribeScope,
  reference: string,
): Promise<AnyRow> {
  try {
    return await resolveArtifact(instance, reader, reference);
  } catch (error) {
    if (!(error instanceof LaminError) || error.code !== "not_found") throw error;
    return await resolveArtifact(instance, reader, reference, "trash").catch(() => {
      throw error;
    });
  }
}
