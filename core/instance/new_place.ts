import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { allowAsFolder, makeFolderOnce } from "../../store/host/shared_access.ts";
import { basename, dirname, join } from "../../store/path.ts";
import type { CreateRequest } from "./create.ts";
import { locationIn } from "./find.ts";
import { readMark } from "./mark.ts";
import type { SettingsFolder } from "./settings.ts";
import { isNewName } from "./slug_part.ts";

/** The modules to be switched on, each once. Throws code "usage" for one that is not known. */
export function checkedModules({ modules, knownModules }: CreateRequest): readonly string[] {
  const names = knownModules.map((module) => module.name);
  const unknown = modules.find((name) => !names.includes(name));
  if (unknown === undefined) return [...new Set(modules)];
  throw new LaminError("usage", `there is no module '${unknown}'`, {
    hint: `modules: ${names.join(", ")}`,
    data: { module: unknown },
  });
}

/** The absolute path, links followed, of a folder that exists or is to be made. */
export function folderPath(host: Host, path: string): string {
  const stat = host.files.stat(path);
  if (stat === null && host.files.lstat(path) !== null) {
    throw new LaminError("conflict", `${path} is a link that leads nowhere`, { data: { path } });
  }
  if (stat === null) return join(folderPath(host, dirname(path)), basename(path));
  if (stat.kind === "directory") return host.files.realPath(path);
  throw new LaminError("conflict", `${path} is not a folder`, { data: { path } });
}

/** Python takes the folder's name, in lower case; for a folder called `storage` the project's. */
export function defaultName(root: string, workTree: string): string {
  const own = basename(root) === "storage" ? basename(workTree) : basename(root);
  return own.toLowerCase() || "instance";
}

/** Throws code "usage" for what cannot be the name of an instance. */
export function requireName(name: string): void {
  if (isNewName(name)) return;
  throw new LaminError("usage", `'${name}' cannot be the name of an instance`, {
    hint: "use letters, digits, '-', '_' and '.', for example --name atlas",
  });
}

/** Throws code "conflict" for a folder inside the storage of an instance, wherever its rows are. */
export function refuseNested(host: Host, root: string): void {
  const outer = instanceAbove(host, root);
  if (outer === undefined) return;
  throw new LaminError(
    "conflict",
    `${root} lies inside the storage of the instance in ${outer}`,
    { hint: "make the new instance beside it", data: { path: outer } },
  );
}

/** Nested storages would hold the same files under two roots. */
function instanceAbove(host: Host, root: string): string | undefined {
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    if (locationIn(host, folder) !== undefined || readMark(host, folder) !== undefined) {
      return folder;
    }
  }
  return undefined;
}

/** LaminDB's marker, by which Python finds the instance from the work tree. */
export function writeMarker(
  host: Host,
  settings: SettingsFolder,
  workTree: string,
  slug: string,
): void {
  makeFolderOnce(host.files, join(workTree, ".lamin"));
  const path = join(workTree, ".lamin", settings.markerName);
  replaceFile(host, path, new TextEncoder().encode(slug));
  allowAsFolder(host.files, path, 0o666);
}
