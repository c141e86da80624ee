import type { Host } from "../../../store/host/host.ts";
import { ifThere } from "../../../store/objects/if_there.ts";
import { dirname, join } from "../../../store/path.ts";
import { ancestors } from "./ancestors.ts";
import type { EnvironmentFile } from "./environment_file.ts";
import type { Program } from "./program.ts";

/** Which files hold the versions of packages for which programs; the first that is there counts. */
const locks: readonly (readonly [program: RegExp, names: readonly string[]])[] = [
  [/^uvx?$/, ["uv.lock"]],
  [/^pixi$/, ["pixi.lock"]],
  [/^poetry$/, ["poetry.lock"]],
  [/^(R|Rscript|quarto)$/, ["renv.lock"]],
  [/^deno$/, ["deno.lock"]],
  [/^bunx?$/, ["bun.lock"]],
  [/^(node|npm|npx|pnpm|yarn)$/, ["package-lock.json", "pnpm-lock.yaml", "yarn.lock"]],
  [/^julia$/, ["Manifest.toml"]],
];

/** Larger files are no such lists. */
const sizeMax = 64 * 1024 * 1024;

/**
 * The lists of exact versions that the programs go by, from the folder upwards. `prefix` is the
 * folder of the Python that is used: one that uv or pixi made has a list beside it.
 */
export function lockFiles(
  host: Host,
  programs: readonly Program[],
  folder: string,
  prefix: string | undefined,
): EnvironmentFile[] {
  const wanted = locks
    .filter(([program]) => programs.some(({ name }) => program.test(name)))
    .map(([, names]) => names);
  const found = wanted.map((names) => nearest(host, folder, names));
  if (prefix !== undefined) found.push(...ofPrefix(host, prefix));
  return found.filter((file) => file !== undefined)
    .filter((file, index, all) => all.findIndex(({ name }) => name === file.name) === index);
}

/** The list from which uv or pixi made the folder of a Python. */
function ofPrefix(host: Host, prefix: string): (EnvironmentFile | undefined)[] {
  const pixi = /^(.*)\/\.pixi\/envs\/[^/]+$/.exec(prefix);
  if (pixi !== null) return [readLock(host, join(pixi[1]!, "pixi.lock"))];
  const settings = textOf(host, join(prefix, "pyvenv.cfg"));
  if (settings === undefined || !/^uv\s*=/m.test(settings)) return [];
  return [readLock(host, join(dirname(prefix), "uv.lock"))];
}

function nearest(
  host: Host,
  folder: string,
  names: readonly string[],
): EnvironmentFile | undefined {
  for (const at of ancestors(folder)) {
    for (const name of names) {
      const file = readLock(host, join(at, name));
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

function readLock(host: Host, path: string): EnvironmentFile | undefined {
  const text = textOf(host, path);
  return text === undefined || text === "" ? undefined : { name: path.split("/").at(-1)!, text };
}

function textOf({ files }: Host, path: string): string | undefined {
  const stat = files.stat(path);
  if (stat?.kind !== "file" || stat.size > sizeMax) return undefined;
  const bytes = ifThere(() => files.readFile(path));
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
