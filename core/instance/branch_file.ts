import { LaminError } from "../../store/errors.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { allowAsFolder, makeFolderOnce } from "../../store/host/shared_access.ts";
import { dirname, join } from "../../store/path.ts";
import type { Instance } from "./instance.ts";
import { readText, slugOf } from "./settings.ts";

/**
 * Uid of the branch that is switched on in a work tree, by Python or by lamin: from LaminDB's file
 * in it, else from the one for all folders (COMPAT §1.1). Undefined where nobody switched.
 */
export function readBranchFile(instance: Instance): string | undefined {
  const [owner, name] = instance.slug.split("/") as [string, string];
  return readText(instance.host, pathIn(instance))?.split("\n")[0]?.trim() ||
    instance.settings.currentBranch({ owner, name });
}

/**
 * Switches a branch on in a work tree, so that Python sees it too: two lines, uid and name. Where
 * Python has no marker in the folder but finds the instance for every folder, it reads another
 * file, which is written as well. Throws code "denied" where the folder `.lamin` leads elsewhere.
 */
export function writeBranchFile(
  instance: Instance,
  branch: { readonly uid: string; readonly name: string },
): void {
  const { host, settings } = instance;
  const { files } = host;
  const path = pathIn(instance);
  const folder = dirname(path);
  if (files.lstat(folder)?.kind === "symlink") {
    throw new LaminError("denied", `${folder} is a link, through which nothing is written`, {
      hint: "make it a folder of its own",
      data: { path: folder },
    });
  }
  // Python takes what has more than two lines for damaged, and gives names with line breaks itself.
  const text = `${branch.uid}\n${branch.name.replace(/[\r\n]+/g, " ")}`;
  makeFolderOnce(files, folder);
  replaceFile(host, path, new TextEncoder().encode(text));
  allowAsFolder(files, path, 0o666);
  const isMarked = files.stat(join(folder, settings.markerName)) !== null;
  const current = settings.currentInstance();
  if (isMarked || current === undefined || slugOf(current) !== instance.slug) return;
  settings.writeCurrentBranch(current, text);
}

/** Beside the marker, and with the same prefix. */
function pathIn({ workTree, settings }: Instance): string {
  return join(workTree.root, ".lamin", settings.markerName.replace(/instance$/, "branch"));
}
