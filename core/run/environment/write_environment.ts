import type { Host } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";
import { type EnvironmentFile, packagesName } from "./environment_file.ts";

/** What is to be stored as the environment of a run: a file, or a folder of several. */
export interface StoredEnvironment {
  readonly path: string;
  /** The description of the artifact, by which people know it (COMPAT §6.3). */
  readonly description: string;
}

/** Writes the pieces into a folder that is there, and says what of it is the artifact. */
export function writeEnvironment(
  { files }: Host,
  pieces: readonly EnvironmentFile[],
  folder: string,
): StoredEnvironment | undefined {
  for (const { name, text } of pieces) {
    files.writeFile(join(folder, name), new TextEncoder().encode(text));
  }
  if (pieces.length === 0) return undefined;
  if (pieces.length > 1) return { path: folder, description: "environments" };
  const { name } = pieces[0]!;
  return {
    path: join(folder, name),
    description: name === packagesName ? "requirements.txt" : name,
  };
}
