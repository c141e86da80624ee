import { inTime } from "../../../store/pause.ts";
import type { Host } from "../../../store/host/host.ts";
import { withoutKnownSecrets } from "../secret_shapes.ts";
import { condaPackages, condaPrefix } from "./conda.ts";
import { type EnvironmentFile, packagesName } from "./environment_file.ts";
import { lockFiles } from "./lock_files.ts";
import { programLine } from "./program_line.ts";
import { type Program, programsOf } from "./program.ts";
import { activePython, askPython, packagesFile, type PythonFacts, pythonOf } from "./python.ts";
import { systemLines } from "./system.ts";

/** Milliseconds that programs may take to tell what is installed. */
const patience = 60_000;

/**
 * What can be told of the environment that a command runs in: its interpreter with all packages,
 * lists of exact versions, the system, the container. To be called beside the command: it starts
 * interpreters that the command uses, reads in `folder`, the one of the command, and above it, and
 * gives up on what takes longer than a minute. Secrets are taken out. Nothing is written.
 */
export async function captureEnvironment(
  host: Host,
  command: readonly string[],
  folder: string,
): Promise<EnvironmentFile[]> {
  const programs = programsOf(host, command, folder);
  const python = pythonOf(host, command, programs, folder) ?? activePython(host);
  const [facts, system, lines] = await Promise.all([
    python === undefined ? undefined : inTime(patience, askPython(host, python, folder)),
    inTime(patience, systemLines(host)),
    Promise.all(programs.map((program) => inTime(patience, programLine(host, program)))),
  ]);
  const about = [
    ...(system ?? []),
    ...(facts === undefined ? [] : [`python: ${facts.version}, ${facts.path}`]),
    ...lines.filter((line) => line !== undefined),
  ];
  const files = [
    ...lockFiles(host, programs, folder, facts?.prefix),
    ...(facts === undefined ? [] : packagesFile(facts)),
    ...prefixes(host, programs, facts).flatMap((prefix) => condaPackages(host, prefix)),
  ];
  return withSystem(files, about).map(({ name, text }) => ({
    name,
    text: withoutKnownSecrets(text),
  }));
}

/** The environments of conda from which programs come: the first is enough. */
function prefixes(
  host: Host,
  programs: readonly Program[],
  facts: PythonFacts | undefined,
): string[] {
  const paths = [facts?.path, ...programs.map(({ path }) => path)];
  return paths.flatMap((path) => path === undefined ? [] : condaPrefix(host, path) ?? [])
    .slice(0, 1);
}

/** In front of a list of packages that is alone, as remarks, else a file of its own. */
function withSystem(files: readonly EnvironmentFile[], about: readonly string[]) {
  const [only] = files;
  if (files.length === 1 && only!.name === packagesName) {
    const remarks = about.map((line) => `# ${line}\n`).join("");
    return [{ name: packagesName, text: remarks + only!.text }];
  }
  return [...files, { name: "system.txt", text: about.map((line) => `${line}\n`).join("") }];
}
