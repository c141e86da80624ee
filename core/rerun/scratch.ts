import { LaminError } from "../../store/errors.ts";
import type { Host } from "../../store/host/host.ts";
import { dirname, isAbsolute, join, relativeTo, resolve } from "../../store/path.ts";
import { WorkTree } from "../../store/work_tree.ts";
import { get } from "../artifact/get/get.ts";
import { randomBase62 } from "../identity/base62.ts";
import { parseRelativePath, whyNotWritten } from "../identity/key.ts";
import type { Instance } from "../instance/instance.ts";
import type { Recipe } from "./recipe.ts";
import { type MakeInstance, ScratchInstance } from "./scratch_instance.ts";

/** A folder in which a run can be done again. */
export interface Scratch {
  /** Absolute path. */
  readonly root: string;
  /** What the command works with, if it works with an instance. */
  readonly instance: ScratchInstance | undefined;
}

/**
 * Makes a new folder with the inputs and the code of a run. It lies outside of the instance, whose
 * files nothing in it names. Throws what `get` throws of an input that cannot be brought, and code
 * "denied" for a path that a stranger recorded and that leads out of the folder.
 */
export async function makeScratch(
  instance: Instance,
  recipe: Recipe,
  { base, makeInstance }: { readonly base: string; readonly makeInstance: MakeInstance },
): Promise<Scratch> {
  const { host } = instance;
  const root = join(base, `lamin-rerun-${randomBase62(host, 8)}`);
  host.files.makeDirectory(root, { mode: 0o700 });
  let own: ScratchInstance | undefined;
  try {
    const work = join(root, workFolder);
    const settings = join(root, settingsFolder);
    host.files.makeDirectory(settings);
    if (recipe.needsInstance) {
      own = await ScratchInstance.make(makeInstance, instance, { folder: work, settings });
    }
    const tree = new WorkTree(host, work);
    tree.makeRoot();
    await bringInputs(instance, recipe, tree);
    await writeCode(host, recipe, tree);
    host.files.makeDirectory(workingFolder(recipe, work), { recursive: true });
    // Whatever the outputs were written into was there.
    for (const { path } of recipe.outputs) {
      if (isAbsolute(path) || whyNotWritten(path) !== null) continue;
      host.files.makeDirectory(dirname(join(work, path)), { recursive: true });
    }
    return { root, instance: own };
  } catch (error) {
    await own?.close();
    host.files.removeTree(root);
    throw error;
  }
}

/** The part of the folder in which the run is done. */
export const workFolder = "work";
/** The part that programs take for the settings of LaminDB. */
export const settingsFolder = "settings";

/** Where the command runs. Throws code "denied" for a folder that is not below the work tree. */
export function workingFolder({ folder, run }: Recipe, work: string): string {
  const path = resolve(work, folder);
  if (!isAbsolute(folder) && relativeTo(work, path) !== undefined) return path;
  throw new LaminError("denied", `${run.uid} did not run in the work tree`, {
    hint: "it can be done again with 'lamin run' where it ran",
    data: { run: run.uid, folder },
  });
}

async function bringInputs(instance: Instance, recipe: Recipe, tree: WorkTree): Promise<void> {
  for (const { path, from } of recipe.inputs) {
    if (from !== undefined) copyAll(instance.host, from, join(tree.root, parseRelativePath(path)));
  }
  const stored = recipe.inputs.filter(({ from }) => from === undefined);
  if (stored.length === 0) return;
  const paths = new Map(stored.map(({ row, path }) => [row.uid, path]));
  const got = await get(instance, {
    selected: stored.map(({ row }) => ({ row, prefix: undefined })),
    destination: { tree, pathOf: ({ row }) => paths.get(row.uid)! },
    force: false,
    dryRun: false,
  });
  const failed = got.find(({ fault }) => fault !== undefined);
  if (failed !== undefined) throw failed.fault!;
}

/** Copies a file, or a folder with the files below it; links are not followed. */
function copyAll(host: Host, from: string, to: string): void {
  const { files } = host;
  files.makeDirectory(dirname(to), { recursive: true });
  if (files.lstat(from)?.kind !== "directory") return files.copyFile(from, to);
  files.makeDirectory(to, { recursive: true });
  for (const { name, kind } of files.readDirectory(from)) {
    if (kind === "file" || kind === "directory") copyAll(host, join(from, name), join(to, name));
  }
}

async function writeCode(host: Host, { code }: Recipe, tree: WorkTree): Promise<void> {
  if (code === undefined) return;
  const path = parseRelativePath(code.path);
  const bytes = new TextEncoder().encode(code.text);
  // An input may be the code itself.
  await tree.write(path, (append) => Promise.resolve(append(bytes)), () => {});
  host.files.setMode(join(tree.root, path), 0o755);
}

/** The words of the command with the paths that they have in the folder. */
export function wordsIn({ command, moved }: Recipe, work: string): string[] {
  return command.map((word) =>
    moved.reduce((text, [from, to]) => replaced(text, from, resolve(work, to)), word)
  );
}

/** A path in a word, alone or as part of it, such as `--out=/data/x`, but no longer name. */
function replaced(word: string, from: string, to: string): string {
  let result = "";
  let rest = word;
  for (let at = rest.indexOf(from); at !== -1; at = rest.indexOf(from)) {
    const after = rest[at + from.length];
    const isWhole = after === undefined || /[/\s'":;,)]/.test(after);
    result += rest.slice(0, at) + (isWhole ? to : from);
    rest = rest.slice(at + from.length);
  }
  return result + rest;
}
