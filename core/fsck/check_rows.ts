import { LaminError } from "../../store/errors.ts";
import { objectHashOf } from "../gc/stored_objects.ts";
import { isBase62 } from "../identity/base62.ts";
import { parseRelativePath } from "../identity/key.ts";
import { type ArtifactRow, storageKeyOf } from "../artifact/storage_key.ts";
import type { ContentRow } from "../side_tables.ts";
import type { Expectation } from "./expectation.ts";
import { artifactFinding, type Finding } from "./finding.ts";
import type { Page } from "./pages.ts";

const uidLength = 20;

/** What the rows of artifacts tell by themselves. */
export function checkRows(page: Page): Finding[] {
  return page.rows.flatMap((row) => {
    const content = page.contents.get(row.id);
    return [
      ...checkUid(row),
      ...checkKey(row),
      ...checkNoted(row, content),
    ];
  });
}

function checkUid(row: ArtifactRow): Finding[] {
  if (row.uid.length === uidLength && isBase62(row.uid)) return [];
  const detail = `its uid is not ${uidLength} letters and digits`;
  return [artifactFinding(row, null, { severity: "damage", kind: "uid", detail })];
}

/** A key that cannot be written is no damage: the bytes can be had under another name. */
function checkKey(row: ArtifactRow): Finding[] {
  if (row.key === null) return [];
  try {
    parseRelativePath(row.key);
    return [];
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
    const detail = `no file can be written under its key: ${error.data["reason"]}`;
    return [artifactFinding(row, null, { severity: "note", kind: "key", detail })];
  }
}

function checkNoted(row: ArtifactRow, content: ContentRow | undefined): Finding[] {
  if (content === undefined) {
    const name = storageKeyOf(row);
    if (objectHashOf(name) === undefined) return [];
    const detail = "its content is not noted";
    return [artifactFinding(row, name, { severity: "note", kind: "unrecorded", detail })];
  }
  if (content.hash !== row.hash) {
    const detail = "Python replaced its bytes since they were hashed here";
    return [artifactFinding(row, null, { severity: "note", kind: "unrecorded", detail })];
  }
  const name = storageKeyOf(row);
  const named = objectHashOf(name);
  const faults: string[] = [];
  if (named !== undefined && named !== content.sha256) {
    faults.push("its content is noted as another one than that of its object");
  }
  if (content.is_folder !== (row.n_files !== null)) {
    faults.push("its content is noted as a folder, or as none, against its row");
  }
  return faults.map((detail) =>
    artifactFinding(row, name, { severity: "damage", kind: "record", detail })
  );
}

/**
 * The list of a folder's files: that it is there and right, and what it comes to against the row.
 */
export function checkList({ row, name, content, hasWrongList }: Expectation): Finding[] {
  const damage = (detail: string) => [
    artifactFinding(row, name, { severity: "damage", kind: "record", detail }),
  ];
  if (hasWrongList) return damage("the list of its files is not the one that was noted");
  if (content.kind !== "folder") return [];
  const { files } = content;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length === row.n_files && (row.size === null || size === row.size)) return [];
  return damage(
    `the list of its files has ${files.length} of ${size} bytes, its row ${row.n_files} of ${row.size}`,
  );
}
