import type { Instance } from "../instance/instance.ts";
import type { Finding } from "./finding.ts";
import { artifactPages, type Page } from "./pages.ts";

/** Artifacts that other commands changed while they were looked at. */
export interface ChangedSince {
  /** They as they are now, to be looked at again; those that were deleted are left out. */
  readonly changed: readonly Page[];
  readonly isChanged: (uid: string | null) => boolean;
}

/**
 * Which artifacts with damage are not as the page has them any more. Bytes go only after their
 * rows, so what is missing may never have been missed: no lock is held while bytes are read.
 */
export async function changedSince(
  instance: Instance,
  page: Page,
  findings: readonly Finding[],
): Promise<ChangedSince> {
  const doubted = new Set(
    findings.flatMap(({ severity, uid }) => severity === "damage" && uid !== null ? [uid] : []),
  );
  if (doubted.size === 0) return { changed: [], isChanged: () => false };
  const before = new Map(page.rows.map((row) => [row.uid, JSON.stringify(row)]));
  const list = instance.database.dialect.valuesOf([...doubted]);
  const condition = { sql: `uid IN (${list.sql})`, parameters: list.parameters };
  const unchanged = new Set<string>();
  const changed: Page[] = [];
  for await (const now of artifactPages(instance, condition)) {
    const rows = now.rows.filter((row) => {
      const isSame = before.get(row.uid) === JSON.stringify(row);
      if (isSame) unchanged.add(row.uid);
      return !isSame;
    });
    if (rows.length > 0) changed.push({ ...now, rows });
  }
  return {
    changed,
    isChanged: (uid) => uid !== null && doubted.has(uid) && !unchanged.has(uid),
  };
}
