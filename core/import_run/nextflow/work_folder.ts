import { FileError, type Host } from "../../../store/host/host.ts";
import { dirname, join, resolve } from "../../../store/path.ts";
import { readForeign } from "../foreign.ts";

/** What Nextflow leaves in the folder in which a task ran. */
export interface WorkFolder {
  readonly path: string;
  /** The hash of the task: 32 hexadecimal digits. */
  readonly hash: string;
  readonly script: string | undefined;
  readonly log: string | undefined;
  readonly exitCode: number | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** What its links lead to: the files that were staged for it. */
  readonly inputs: readonly string[];
  /** What it wrote, also what it only needed for a while. */
  readonly outputs: readonly string[];
}

/** The work folder of a task, by its hash or the start of it, such as `86/2df531`. */
export function findWorkFolder(host: Host, folder: string, hash: string): WorkFolder | undefined {
  const digits = hash.replace("/", "");
  if (!/^[0-9a-f]{4,32}$/.test(digits)) return undefined;
  const above = join(folder, "work", digits.slice(0, 2));
  if (host.files.lstat(above)?.kind !== "directory") return undefined;
  const names = host.files.readNames(above)
    .filter((name) => /^[0-9a-f]{30}$/.test(name) && name.startsWith(digits.slice(2)));
  return names.length === 1 ? readWorkFolder(host, join(above, names[0]!)) : undefined;
}

function readWorkFolder(host: Host, path: string): WorkFolder {
  const [inputs, outputs]: string[][] = [[], []];
  for (const { name, kind } of host.files.readDirectory(path).sort(byName)) {
    if (name.startsWith(".")) continue;
    const below = join(path, name);
    if (kind === "symlink") inputs!.push(...linked(host, below));
    else outputs!.push(below);
  }
  const code = readForeign(host, join(path, ".exitcode"))?.trim();
  const log = join(path, ".command.log");
  return {
    path,
    hash: path.split("/").slice(-2).join(""),
    script: readForeign(host, join(path, ".command.sh")),
    log: host.files.lstat(log)?.kind === "file" ? log : undefined,
    exitCode: /^\d{1,3}$/.test(code ?? "") ? Number(code) : undefined,
    startedAt: writtenAt(host, join(path, ".command.begin")),
    finishedAt: writtenAt(host, join(path, ".exitcode")),
    inputs: inputs!,
    outputs: outputs!,
  };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function linked(host: Host, link: string): string[] {
  try {
    return [resolve(dirname(link), host.files.readLink(link))];
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function writtenAt(host: Host, path: string): Date | undefined {
  const stat = host.files.lstat(path);
  return stat === null ? undefined : new Date(stat.modifiedMs);
}
