import { LaminError } from "../../store/errors.ts";
import { readBranchFile, writeBranchFile } from "../instance/branch_file.ts";
import type { Instance } from "../instance/instance.ts";
import { mutate, type OperationName } from "../operation/mutate.ts";
import { statusesOf } from "../query/alias.ts";
import { branch } from "../registry/lamindb/branch.ts";
import { requireFreeName } from "./branch_name.ts";
import { currentBranch } from "./current_branch.ts";
import { type BranchRecord, findBranch } from "./find_branch.ts";
import { requireOwn } from "./standing.ts";

/** The states that a branch can be given, as people name them (COMPAT §5.8). */
export const branchStatuses = ["standalone", "draft", "review", "merged", "closed"] as const;

export interface BranchChange {
  readonly name?: string;
  readonly status?: typeof branchStatuses[number];
  /** An empty one takes the description away. */
  readonly description?: string;
}

/**
 * Gives a branch, the current one unless named, another name, state or description, as one
 * operation. Throws code "not_found", or
 * "usage" and "conflict" for a name, and for the name and state of main, archive and trash.
 */
export async function changeBranch(
  instance: Instance,
  operation: OperationName,
  nameOrUid: string | undefined,
  change: BranchChange,
): Promise<BranchRecord> {
  const { result } = await mutate(instance, operation, async (changes) => {
    const row = nameOrUid === undefined
      ? await currentBranch(instance, changes.reader)
      : await findBranch(changes.reader, nameOrUid);
    if (change.name !== undefined) {
      requireOwn(row, "renamed");
      await requireFreeName(changes.reader, change.name, row.id);
    }
    if (change.status !== undefined) requireOwn(row, "given a status");
    const values = valuesOf(change);
    await changes.update(branch, [row], values);
    return { result: { ...row, ...values }, summary: summaryOf(row, change) };
  });
  // Python's `lamin info` shows the name that the file has.
  if (change.name !== undefined && readBranchFile(instance) === result.uid) {
    writeBranchFile(instance, result);
  }
  return result;
}

function valuesOf({ name, status, description }: BranchChange): Partial<BranchRecord> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { _status_code: codeOf(status) }),
    ...(description === undefined ? {} : { description: description || null }),
  };
}

function codeOf(status: string): number {
  const code = statusesOf(branch)?.[status];
  if (code !== undefined) return code;
  throw new LaminError("usage", `there is no status '${status}' of branches`, {
    hint: `take one of ${branchStatuses.join(", ")}`,
  });
}

function summaryOf({ name }: BranchRecord, change: BranchChange): string {
  const parts = [
    ...(change.name === undefined ? [] : [`rename it to ${change.name}`]),
    ...(change.status === undefined ? [] : [`status ${change.status}`]),
    ...(change.description === undefined ? [] : ["describe it"]),
  ];
  return `branch ${name}: ${parts.join(", ")}`;
}
