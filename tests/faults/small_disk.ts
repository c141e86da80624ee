/** A disk of its own, which can be filled up. */
export interface SmallDisk {
  /** Absolute path of its root. */
  readonly path: string;
  /** Fills it so that about so many bytes are free; returns what frees them again. */
  fill(freeBytes: number): () => void;
}

const megabyte = 1024 * 1024;
/** What is given out at a time. */
const pageBytes = 4096;

/** Why there can be no small disk here, if there can be none. */
export function noSmallDisk(): string | undefined {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return "only root can mount a small disk";
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    mount(folder, 1);
    unmount(folder);
    return undefined;
  } catch {
    return "mounting is forbidden here";
  } finally {
    Deno.removeSync(folder);
  }
}

/** Runs `work` with a disk of so many megabytes, in memory. */
export async function withSmallDisk(
  megabytes: number,
  work: (disk: SmallDisk) => Promise<void>,
): Promise<void> {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "lamin-test-" }));
  mount(path, megabytes);
  try {
    await work({ path, fill: (freeBytes) => fill(`${path}/filler`, freeBytes) });
  } finally {
    unmount(path);
    Deno.removeSync(path);
  }
}

function fill(path: string, freeBytes: number): () => void {
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  let size = 0;
  for (const piece of [megabyte, pageBytes]) {
    try {
      for (const bytes = new Uint8Array(piece);;) size += file.writeSync(bytes);
    } catch {
      // It is full.
    }
  }
  file.truncateSync(Math.max(0, size - freeBytes));
  file.close();
  return () => Deno.removeSync(path);
}

function mount(path: string, megabytes: number): void {
  run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path);
}

function unmount(path: string): void {
  run("umount", path);
}

function run(program: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(program, { args }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
