import { LaminError } from "../../store/errors.ts";
import { archiveBranch, mainBranch, trashBranch } from "../version/branch_ids.ts";
import type { BranchRecord } from "./find_branch.ts";

/** Whether a branch is one of those that every instance has: main, the archive and the trash. */
export function isBuiltIn({ id }: { readonly id: number }): boolean {
  return [trashBranch, archiveBranch, mainBranch].includes(id);
}

/** Throws code "usage" for the trash and the archive, on which nobody works. */
export function requireWorkedOn({ id, name }: BranchRecord): void {
  if (id === trashBranch || id === archiveBranch) {
    const hint = id === trashBranch
      ? "'lamin rm' moves records there and 'lamin restore' brings them back"
      : "it holds what is kept out of the way: 'lamin list --branch archive' shows it";
    throw new LaminError("usage", `the ${name} is no branch to work on`, {
      hint,
      data: { branch: name },
    });
  }
}

/** Throws code "usage" for what every instance has, of which `what` cannot be done. */
export function requireOwn(branch: BranchRecord, what: string): void {
  if (!isBuiltIn(branch)) return;
  throw new LaminError("usage", `${branch.name} cannot be ${what}: every instance has it`, {
    data: { branch: branch.name },
  });
}
