import type { Host } from "../../../store/host/host.ts";
import { join } from "../../../store/path.ts";

/** What Snakemake noted of one output file. */
export interface RecordFile {
  /** The output, relative to the folder in which Snakemake worked. */
  readonly target: string;
  readonly path: string;
}

/** Deeper folders than that are not Snakemake's: a path of 4096 bytes needs 22. */
const depthMax = 30;

/**
 * The files of `.snakemake/metadata`, which are named after the output in base64, cut into folders
 * that begin with `@` where that is longer than a name may be.
 */
export function* recordFiles(
  host: Host,
  folder: string,
  before = "",
  depth = 0,
): Generator<RecordFile> {
  const entries = host.files.readDirectory(folder).sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, kind } of entries) {
    const path = join(folder, name);
    if (kind === "directory" && name.startsWith("@") && depth < depthMax) {
      yield* recordFiles(host, path, before + name.slice(1), depth + 1);
    } else if (kind === "file") {
      const target = decoded(before + name);
      if (target !== undefined) yield { target, path };
    }
  }
}

function decoded(name: string): string | undefined {
  try {
    const bytes = Uint8Array.fromBase64(name, { alphabet: "base64url" });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
