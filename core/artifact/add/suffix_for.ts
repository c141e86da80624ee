import { LaminError } from "../../../store/errors.ts";
import { basename } from "../../../store/path.ts";
import { suffixOf } from "../../identity/suffix.ts";
import type { Source } from "./source.ts";

/** LaminDB wants the suffixes of a path and of its key to agree (COMPAT §5.3). */
export function suffixFor(source: Pick<Source, "path" | "key">): string {
  const ofPath = suffixOf(basename(source.path));
  if (source.key === null || basename(source.key) === basename(source.path)) {
    return ofPath.canonical;
  }
  const ofKey = suffixOf(source.key);
  if (ofKey.raw !== ofPath.raw) {
    throw new LaminError(
      "usage",
      `the key ${source.key} ends in '${ofKey.raw}' and the path in '${ofPath.raw}'`,
      { hint: "give a key with the suffix of the path" },
    );
  }
  return ofKey.canonical;
}
