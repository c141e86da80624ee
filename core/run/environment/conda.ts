import type { Host } from "../../../store/host/host.ts";
import { ifThere } from "../../../store/objects/if_there.ts";
import { join } from "../../../store/path.ts";
import type { EnvironmentFile } from "./environment_file.ts";

/**
 * What `conda list --export` prints of an environment, made of the names of the files in which
 * conda notes what it installed: asking conda itself takes seconds.
 */
export function condaPackages(host: Host, prefix: string): EnvironmentFile[] {
  const names = ifThere(() => host.files.readNames(join(prefix, "conda-meta"))) ?? [];
  const lines = names.flatMap((name) => {
    const parts = /^(.+)-([^-]+)-([^-]+)\.json$/.exec(name);
    return parts === null ? [] : [`${parts[1]}=${parts[2]}=${parts[3]}`];
  });
  if (lines.length === 0) return [];
  return [{ name: "conda_list.txt", text: `${lines.sort().join("\n")}\n` }];
}

/** The environment of conda in which a program lies, `<prefix>/bin/<program>`. */
export function condaPrefix(host: Host, path: string): string | undefined {
  const prefix = /^(.+)\/bin\/[^/]+$/.exec(path)?.[1];
  if (prefix === undefined) return undefined;
  return host.files.stat(join(prefix, "conda-meta"))?.kind === "directory" ? prefix : undefined;
}
