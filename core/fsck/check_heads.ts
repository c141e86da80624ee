import type { Reader } from "../../store/database/database.ts";
import type { Registry } from "../registry/registry.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import { collection } from "../registry/lamindb/collection.ts";
import { transform } from "../registry/lamindb/transform.ts";
import type { Finding } from "./finding.ts";

/** Registries whose records have versions. */
export const versionedRegistries: readonly Registry[] = [artifact, transform, collection];

/**
 * Families that have several latest versions on one branch, or none on any (COMPAT §14.13). The
 * trash and the archive are no branches in this sense. A folder that Python stores only the latest
 * version of may be without one.
 */
export async function checkHeads(reader: Reader): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const registry of versionedRegistries) {
    for (const { stem, branch_id, heads } of await severalHeads(reader, registry)) {
      findings.push(
        headFinding(registry, stem, `it has ${heads} latest versions on branch ${branch_id}`),
      );
    }
    for (const { stem } of await noHead(reader, registry)) {
      findings.push(headFinding(registry, stem, "none of its versions is the latest"));
    }
  }
  return findings;
}

const stemSql = "substr(uid, 1, length(uid) - 4)";

async function severalHeads(
  reader: Reader,
  { name }: Registry,
): Promise<{ stem: string; branch_id: number; heads: number }[]> {
  return await reader.all(
    `SELECT ${stemSql} AS stem, branch_id, count(*) AS heads FROM ${name}
     WHERE is_latest AND branch_id > 0 GROUP BY 1, 2 HAVING count(*) > 1`,
  );
}

async function noHead(reader: Reader, { name, columns }: Registry): Promise<{ stem: string }[]> {
  // One version that Python overwrites exempts its family, whoever wrote the others.
  const mayLack = "_overwrite_versions" in columns
    ? "is_latest OR _overwrite_versions"
    : "is_latest";
  return await reader.all(
    `SELECT ${stemSql} AS stem FROM ${name} WHERE branch_id > 0
     GROUP BY 1 HAVING sum(CASE WHEN ${mayLack} THEN 1 ELSE 0 END) = 0`,
  );
}

function headFinding({ name, model }: Registry, stem: string, detail: string): Finding {
  return {
    severity: "damage",
    kind: "heads",
    uid: stem,
    key: null,
    name: null,
    detail: model === "Artifact" ? detail : `${model}: ${detail}`,
    mend: { do: "set heads", table: name, stem },
  };
}
