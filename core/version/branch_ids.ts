/** Ids of the branches that every instance has (COMPAT §2.4, §5.8). */

/** Where removed records are until they are deleted for good or restored. */
export const trashBranch = -1;
/** Where records are kept out of the way. */
export const archiveBranch = 0;
/** Where one works unless another branch is switched on. */
export const mainBranch = 1;
