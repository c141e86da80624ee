import { LaminError } from "../../store/errors.ts";
import { replaceFile } from "../../store/host/replace_file.ts";
import { makeFolderOnce } from "../../store/host/shared_access.ts";
import { dirname, join } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import { readText } from "../instance/settings.ts";
import type { Known } from "./search.ts";

/** A search that is under way in a work tree. */
export interface BisectState extends Omit<Known, "count"> {
  readonly key: string;
  /** The versions that are searched, oldest first; those that are added later do not count. */
  readonly versions: readonly BisectVersion[];
  /** Where versions are written to for the test; at their key in the work tree unless given. */
  readonly to: string | undefined;
  /** Uid of the version that was there before, undefined where nothing was. */
  readonly original: string | undefined;
  /** Place of the version that is there for the test; undefined when it still has to be written. */
  readonly current: number | undefined;
}

export interface BisectVersion {
  readonly uid: string;
  readonly version: string;
}

/** The search under way; undefined when there is none. Throws code "damaged". */
export function readState(instance: Instance): BisectState | undefined {
  const text = readText(instance.host, pathIn(instance));
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as BisectState;
    if (isState(state)) return state;
  } catch {
    // As damaged as the wrong JSON.
  }
  throw new LaminError("damaged", "the notes of the bisect that is under way cannot be read", {
    hint: "'lamin bisect reset' forgets it",
    data: { path: pathIn(instance) },
  });
}

/** The search under way. Throws code "not_found" when there is none, "damaged". */
export function requireState(instance: Instance): BisectState {
  const state = readState(instance);
  if (state !== undefined) return state;
  throw new LaminError("not_found", "no bisect is under way here", {
    hint: "'lamin bisect start KEY' begins one",
  });
}

export function writeState(instance: Instance, state: BisectState): void {
  const { host } = instance;
  const path = pathIn(instance);
  makeFolderOnce(host.files, dirname(path));
  replaceFile(host, path, new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`));
}

export function forgetState(instance: Instance): void {
  const { files } = instance.host;
  if (files.lstat(pathIn(instance)) !== null) files.remove(pathIn(instance));
}

function pathIn({ workIndexPath }: Instance): string {
  return join(dirname(workIndexPath), "bisect.json");
}

/** Anybody may have written into the file. */
function isState({ key, versions, good, bad, skipped, to, original, current }: BisectState) {
  const isPlace = (value: unknown) => Number.isInteger(value);
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  return typeof key === "string" && Array.isArray(versions) && isText(to) && isText(original) &&
    versions.every(({ uid, version }) => typeof uid === "string" && typeof version === "string") &&
    isPlace(good) && isPlace(bad) && good >= -1 && good < bad && bad < versions.length &&
    Array.isArray(skipped) && skipped.every(isPlace) &&
    (current === undefined || (isPlace(current) && current >= 0 && current < versions.length));
}
