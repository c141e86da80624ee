import { Random } from "./random.ts";
import { type Bench, removeTree } from "./workbench.ts";

/** Bytes of each of the many files. */
export const fileBytes = 4096;
const filesPerFolder = 100;
/**
 * Names of one file among those that are only registered: a file system allows no endless number.
 */
const namesPerFile = 50;

/** Makes data once: `make` writes below another name, so that it is complete or not there. */
export async function once(
  bench: Bench,
  name: string,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const path = bench.data(name);
  if (await Deno.stat(path).then(() => true, () => false)) return path;
  console.error(`making ${name}`);
  await removeTree(`${path}.part`);
  await make(`${path}.part`);
  await Deno.rename(`${path}.part`, path);
  await bench.settle();
  return path;
}

/** A file of random bytes, which nothing can make smaller. */
export function largeFile(bench: Bench, largeBytes = bench.scale.largeBytes): Promise<string> {
  return once(bench, `large-${largeBytes}`, async (path) => {
    using file = Deno.openSync(path, { write: true, createNew: true });
    const random = new Random(7);
    const piece = new Uint8Array(1 << 20);
    for (let written = 0; written < largeBytes; written += piece.length) {
      await bench.breathe();
      random.fill(piece);
      file.writeSync(piece.subarray(0, Math.min(piece.length, largeBytes - written)));
    }
  });
}

/** Where the file with a number lies: a hundred a folder. */
export function fileName(index: number): string {
  const folder = Math.floor(index / filesPerFolder).toString().padStart(4, "0");
  return `d${folder}/f${index.toString().padStart(7, "0")}.bin`;
}

/** Folders of small files with random bytes. */
export function manyFiles(bench: Bench, count: number): Promise<string> {
  return once(bench, `files-${count}`, async (path) => {
    const random = new Random(8);
    const bytes = new Uint8Array(fileBytes);
    for (let index = 0; index < count; index++) {
      if (index % filesPerFolder === 0) {
        await bench.breathe();
        makeFolderOf(`${path}/${fileName(index)}`);
      }
      random.fill(bytes);
      Deno.writeFileSync(`${path}/${fileName(index)}`, bytes);
    }
  });
}

/** Folders with many names for fewer files, of a few bytes each, and `list` beside them. */
export function listedFiles(bench: Bench, count: number): Promise<string> {
  return once(bench, `listed-${count}`, async (path) => {
    const lines: string[] = [];
    let first = "";
    for (let index = 0; index < count; index++) {
      const name = `${path}/atlas/${fileName(index)}`;
      if (index % filesPerFolder === 0) {
        await bench.breathe();
        makeFolderOf(name);
      }
      if (index % namesPerFile === 0) Deno.writeTextFileSync(first = name, `${index}\n`);
      else Deno.linkSync(first, name);
      lines.push(fileName(index));
    }
    Deno.writeTextFileSync(`${path}/list`, lines.join("\n") + "\n");
  });
}

function makeFolderOf(path: string): void {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
}

/**
 * Gives ten files other bytes of the same size, as an editor that writes a new file: some tools
 * have put links in their places.
 */
export function changeTen(folder: string, count: number): void {
  const random = new Random(9);
  const bytes = new Uint8Array(fileBytes);
  for (let nth = 0; nth < 10; nth++) {
    const path = `${folder}/${fileName(Math.floor(count / 10) * nth + 3)}`;
    random.fill(bytes);
    Deno.removeSync(path);
    Deno.writeFileSync(path, bytes);
  }
}
