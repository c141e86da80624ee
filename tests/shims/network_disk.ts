/**
 * A library that makes a folder behave like one on a network file system, for the real program:
 * SQLite's own calls fail too, which no wrapper around Host could do.
 */
import type { Workspace } from "../lamin.ts";

/** What fails; each is a variable of tests/shims/network_disk.c without its prefix. */
export interface Faults {
  /** `errno` with which locks fail; 0: they succeed without effect. */
  readonly LOCKS?: 0 | 37 | 95;
  readonly MAPS?: 1;
  readonly LINKS?: 1;
  readonly MODES?: 1;
  readonly FLUSHES?: 1;
  /** Type and options of the file system, as the list of mounts is to give them. */
  readonly MOUNT?: string;
}

/** `errno` on Linux of a server without locks, and of a file system without any. */
export const noLocksLeft = 37; // ENOLCK
export const notSupported = 95; // EOPNOTSUPP

const source = new URL("./network_disk.c", import.meta.url).pathname;

/** Builds the library into a folder; gives its path. */
function build(folder: string): string {
  const library = `${folder}/network_disk.so`;
  const args = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"];
  const { success, stderr } = new Deno.Command("cc", { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return library;
}

/** Why no library can be built here, if it cannot. */
export function noShim(): string | undefined {
  if (Deno.build.os !== "linux") return "only Linux loads a library into every program";
  try {
    const { success } = new Deno.Command("cc", { args: ["--version"] }).outputSync();
    return success ? undefined : "the C compiler does not work";
  } catch {
    return "no C compiler here";
  }
}

/** A work tree on a disk with faults. */
export class NetworkDisk {
  readonly #library: string;
  readonly #log: string;
  readonly #base: string;

  constructor(private readonly workspace: Workspace) {
    this.#base = workspace.root.slice(0, workspace.root.lastIndexOf("/"));
    this.#library = build(this.#base);
    this.#log = `${this.#base}/refused`;
  }

  /** Variables by which a process sees the faults. */
  environment({ MOUNT, ...faults }: Faults): Record<string, string> {
    const { root } = this.workspace;
    const entries = Object.entries(faults).map(([name, value]) => [`SHIM_${name}`, `${value}`]);
    const environment: Record<string, string> = {
      ...Object.fromEntries(entries),
      SHIM_FOLDER: root,
      SHIM_LOG: this.#log,
      LD_PRELOAD: this.#library,
    };
    if (MOUNT === undefined) return environment;
    const mounts = `${this.#base}/mounts`;
    const [type, options] = MOUNT.split(" ");
    Deno.writeTextFileSync(
      mounts,
      "1 0 0:1 / / rw - ext4 /dev/disk rw\n2 1 0:9 / /proc rw - proc proc rw\n" +
        `3 1 0:2 / ${root} rw - ${type} server:/lab ${options}\n`,
    );
    return { ...environment, SHIM_MOUNTS: mounts };
  }

  /** Letters of what was refused since the last call, each once and in order. */
  refused(): string {
    try {
      return [...new Set(Deno.readTextFileSync(this.#log))].sort().join("");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    } finally {
      Deno.writeTextFileSync(this.#log, "");
    }
  }
}
