import { artifact } from "../../registry/lamindb/artifact.ts";
import type { ArtifactRow } from "../storage_key.ts";

/** Every column, so that a draft has the fields of the registry. */
export const emptyRow = Object.fromEntries(
  Object.keys(artifact.columns).map((name) => [name, null]),
) as unknown as ArtifactRow;
