import type { RowOf } from "../../store/database/table.ts";
import type { transform } from "../registry/lamindb/transform.ts";

export type TransformRow = RowOf<typeof transform>;

/** The code of which a version is wanted. */
export interface TransformWanted {
  /** Path of the file relative to the work tree, or the name of a program; 1024 signs at most. */
  readonly key: string;
  readonly kind: "script" | "pipeline" | "function" | "notebook";
  /** As `ln.track("…")` in the code names it: 12 signs for the family, 16 for one version. */
  readonly uid?: string;
  /** As written. What is stored is without secrets; the hash is of the original. */
  readonly source?: string;
  readonly description?: string;
  readonly reference?: string;
  readonly referenceType?: string;
  readonly branchId: number;
  /**
   * Whether there is no file under a key any more. Then the same source under that key was renamed,
   * and keeps its row; otherwise it is a copy, and has one of its own. Python asks the user.
   */
  readonly isGone?: (key: string) => boolean;
}
