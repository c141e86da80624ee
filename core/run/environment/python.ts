import type { Host } from "../../../store/host/host.ts";
import { isAbsolute, join } from "../../../store/path.ts";
import { ancestors } from "./ancestors.ts";
import { packagesName } from "./environment_file.ts";
import { inSearchPath, type Program } from "./program.ts";

/** What a Python says of itself. */
export interface PythonFacts {
  /** Such as `3.11.2`. */
  readonly version: string;
  readonly path: string;
  /** The folder that its packages are installed below. */
  readonly prefix: string;
  /** What is installed, as `pip freeze` says it. */
  readonly packages: readonly string[];
}

/**
 * Says who it is, and what is installed as `pip freeze` prints it: pip itself takes four times as
 * long, and environments of uv have none. What lies in the folder of the run is not imported in
 * place of Python's own modules.
 */
const question = `
import sys
if sys.path and sys.path[0] == "": del sys.path[0]
import json
from importlib.metadata import distributions
def line(dist, name):
    origin = json.loads(dist.read_text("direct_url.json") or "{}")
    url, vcs = origin.get("url"), origin.get("vcs_info")
    if url is None: return name + "==" + dist.version
    if origin.get("dir_info", {}).get("editable"): return "-e " + url
    return name + " @ " + (vcs["vcs"] + "+" + url + "@" + vcs["commit_id"] if vcs else url)
lines = {}
for dist in distributions():
    name = dist.metadata["Name"]
    if name and name not in ("pip", "setuptools", "wheel"):
        lines.setdefault(name.lower(), line(dist, name))
packages = [lines[name] for name in sorted(lines)]
print(json.dumps([sys.version.split()[0], sys.executable, sys.prefix, packages]))
`;

/** The interpreter whose packages a command uses; undefined where it uses none that is known. */
export function pythonOf(
  host: Host,
  words: readonly string[],
  programs: readonly Program[],
  folder: string,
): string | undefined {
  const named = programs.find(({ name, path }) =>
    /^python[\d.]*$/.test(name) && path !== undefined
  );
  if (named !== undefined && !programs.some(({ name }) => runners.test(name))) return named.path;
  const folders = environmentFolders(host, words, programs, folder);
  const inFolder = folders.map((at) => join(at, "bin/python"))
    .find((path) => host.files.stat(path)?.kind === "file");
  return inFolder ?? named?.path;
}

/** Programs that start another one in an environment of their own. */
const runners = /^(uv|pixi|conda|mamba|micromamba)$/;

/** Where the environment of a runner is. */
function environmentFolders(
  host: Host,
  words: readonly string[],
  programs: readonly Program[],
  folder: string,
): string[] {
  const after = (...flags: string[]) => {
    const flag = words.findIndex((word) => flags.includes(word));
    return flag === -1 ? undefined : words[flag + 1];
  };
  return programs.flatMap(({ name, path }) => {
    if (name === "uv") return ancestors(folder).map((at) => join(at, ".venv"));
    if (name === "pixi") {
      const environment = after("-e", "--environment") ?? "default";
      return ancestors(folder).map((at) => join(at, ".pixi/envs", environment));
    }
    if (!runners.test(name)) return [];
    const prefix = after("-p", "--prefix");
    if (prefix !== undefined) return [isAbsolute(prefix) ? prefix : join(folder, prefix)];
    const environment = after("-n", "--name");
    const roots = [
      host.environment("MAMBA_ROOT_PREFIX"),
      host.environment("CONDA_EXE")?.replace(/\/(bin|condabin)\/[^/]+$/, ""),
      path?.replace(/\/(bin|condabin)\/[^/]+$/, ""),
      join(host.homeDirectory(), ".conda"),
    ];
    return roots.filter((root) => root !== undefined)
      .map((root) => environment === undefined ? root : join(root, "envs", environment));
  });
}

/** The Python of an environment that is switched on in the shell, for programs that may use it. */
export function activePython(host: Host): string | undefined {
  const isActive = ["VIRTUAL_ENV", "CONDA_PREFIX"]
    .some((name) => host.environment(name) !== undefined);
  return isActive ? inSearchPath(host, "python") : undefined;
}

/** Asks a Python; undefined where it does not answer. */
export async function askPython(
  host: Host,
  python: string,
  folder: string,
): Promise<PythonFacts | undefined> {
  const { stdout } = await host.run(python, ["-c", question], { workingDirectory: folder });
  try {
    const answer = JSON.parse(new TextDecoder().decode(stdout)) as [
      string,
      string,
      string,
      string[],
    ];
    const [version, path, prefix, packages] = answer;
    return { version, path, prefix, packages };
  } catch {
    return undefined;
  }
}

/** The list of packages, as Python stores it. */
export function packagesFile({ packages }: PythonFacts) {
  if (packages.length === 0) return [];
  return [{ name: packagesName, text: packages.map((line) => `${line}\n`).join("") }];
}
