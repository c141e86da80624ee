import { isKeptKind } from "../kept_kind.ts";
import { LaminError } from "../../../store/errors.ts";
import type { AddRequest } from "./add.ts";
import { trashBranch } from "../../version/branch_ids.ts";

/**
 * Throws code "usage" for what can be told to be wrong before any file is looked at, and what an
 * unset variable of a shell may leave behind.
 */
export function requireSound(request: AddRequest): void {
  if (request.input !== undefined) requireCopy(request.mode);
  requireNames(request);
  const { kind, branchId } = request.annotations;
  if (isKeptKind(kind)) {
    throw new LaminError("usage", `LaminDB keeps the kind '${kind}' for itself`, {
      hint: "use dataset, model, plan or a word of your own",
    });
  }
  if (branchId === trashBranch) {
    throw new LaminError("usage", "the trash is no branch to add to", {
      hint: "add to another branch; 'lamin rm' moves an artifact to the trash",
    });
  }
}

/** A pipe has no file that its bytes could stay in. */
function requireCopy(mode: AddRequest["mode"]): void {
  if (mode === "copy") return;
  const flag = mode === "link" ? "--link" : "--no-copy";
  throw new LaminError("usage", `${flag} needs a file, and standard input is none`, {
    hint: `leave out ${flag}: the bytes are stored`,
  });
}

function requireNames({ key, keyPrefix }: AddRequest): void {
  if (key !== undefined && keyPrefix !== undefined) {
    throw new LaminError("usage", "--key and --key-prefix exclude each other", {
      hint: "--key is the whole name",
    });
  }
  if (keyPrefix !== undefined && /^\/*$/.test(keyPrefix)) {
    throw new LaminError("usage", `'${keyPrefix}' is no prefix for keys`, {
      hint: "for example: --key-prefix raw/run7",
    });
  }
  if (key?.endsWith("/")) {
    throw new LaminError("usage", `the key '${key}' names a folder, not what would be in it`, {
      hint: "leave out the '/' at the end, or use --key-prefix to put things below it",
    });
  }
}
