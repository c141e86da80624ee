import { LaminError } from "../../store/errors.ts";
import { nearest } from "../text/nearest.ts";
import { type ContentFile, nameOf } from "./content_files.ts";
import type { ArtifactRow } from "./storage_key.ts";

/** How many files of a folder a hint names. */
const namedMax = 10;

/**
 * The file of an artifact that `member` names, or the only one of an artifact that is a file.
 * Throws code "usage" that lists the files of a folder when none is named, "not_found" when it has
 * no such.
 */
export function pickFile(
  row: ArtifactRow,
  files: readonly ContentFile[],
  member: string | undefined,
): ContentFile {
  const name = nameOf(row);
  const paths = files.map(({ path }) => path);
  if (row.n_files === null) {
    if (member === undefined) return files[0]!;
    throw new LaminError("usage", `${name} is a file, so there is no ${member} in it`, {
      data: { uid: row.uid, path: member },
    });
  }
  if (member === undefined) {
    throw new LaminError(
      "usage",
      `${name} is a folder of ${files.length} files: name one of them`,
      {
        hint: `for example ${name}/${paths[0]}; it has ${listed(paths)}`,
        data: { uid: row.uid, key: row.key, files: paths },
      },
    );
  }
  const found = files.find(({ path }) => path === member.replace(/^\.?\//, ""));
  if (found !== undefined) return found;
  const near = nearest(member, paths);
  throw new LaminError("not_found", `there is no file ${member} in ${name}`, {
    hint: near.length > 0 ? `did you mean '${near[0]}'?` : `it has ${listed(paths)}`,
    data: { uid: row.uid, key: row.key, path: member },
  });
}

function listed(paths: readonly string[]): string {
  const more = paths.length - namedMax;
  return paths.slice(0, namedMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
