import { LaminError } from "../../store/errors.ts";
import { resolve } from "../../store/path.ts";
import type { Instance } from "../instance/instance.ts";
import { putVersion, removeVersion, versionRow, versionThere } from "./put_version.ts";
import { type Next, nextOf } from "./search.ts";
import { type BisectState, forgetState, readState, requireState, writeState } from "./state.ts";
import { placeOf, searchedVersions } from "./versions.ts";

export interface BisectRequest {
  readonly reference: string;
  /** Versions that are known; the oldest may be bad and the current one is, unless given. */
  readonly good?: string | undefined;
  readonly bad?: string | undefined;
  /** Where to write versions to, instead of the work tree. */
  readonly to?: string | undefined;
}

export type Verdict = "good" | "bad" | "skip";

/** How far a search is. */
export interface BisectProgress {
  readonly state: BisectState;
  readonly next: Next;
  /** Absolute path of the version that is to be tested. */
  readonly path: string | undefined;
}

/**
 * Begins to search the first bad version of a key, and writes the first one to test. Throws code
 * "conflict" where a search is under way or the file has changes that are recorded nowhere,
 * "usage" where there is nothing to search, or as `resolveArtifact` does.
 */
export async function startBisect(
  instance: Instance,
  request: BisectRequest,
): Promise<BisectProgress> {
  const running = readState(instance);
  if (running !== undefined) {
    throw new LaminError("conflict", `a bisect of ${running.key} is under way`, {
      hint: "'lamin bisect' shows how far it is, 'lamin bisect reset' ends it",
      data: { key: running.key },
    });
  }
  const { row, versions } = await searchedVersions(instance, request.reference);
  const key = row.key ?? row.uid;
  const bad = request.bad === undefined ? versions.length - 1 : placeOf(key, versions, request.bad);
  const good = request.good === undefined ? -1 : placeOf(key, versions, request.good);
  requireOrder(versions[good]?.version, versions[bad]!.version, good < bad);
  const to = absolute(instance, request.to);
  const original = await versionThere(instance, { to }, row);
  const state: BisectState = {
    key,
    versions,
    good,
    bad,
    skipped: [],
    to,
    original: original?.uid,
    current: undefined,
  };
  return await goOn(instance, state);
}

/** Counts from the working directory of the first command, not of those that follow. */
function absolute({ host }: Instance, to: string | undefined): string | undefined {
  if (to === undefined || to === "" || to === "-") return to;
  return resolve(host.workingDirectory(), to) + (to.endsWith("/") ? "/" : "");
}

/**
 * Notes what a test said, of the version that is there or another one, and writes the next one.
 * Throws code "not_found" where no search is under way, "usage" for what contradicts the notes, or
 * as {@link startBisect} when the next one cannot be written; the verdict is noted then.
 */
export async function markBisect(
  instance: Instance,
  verdict: Verdict,
  version?: string,
): Promise<BisectProgress> {
  const state = requireState(instance);
  const place = version === undefined ? state.current : placeOf(state.key, state.versions, version);
  if (place === undefined) {
    throw new LaminError("usage", "no version is there to be tested", {
      hint: "'lamin bisect' writes the next one, or name a version",
    });
  }
  return await goOn(instance, { ...noted(state, verdict, place), current: undefined });
}

function noted(state: BisectState, verdict: Verdict, place: number): BisectState {
  const { versions, good, bad, skipped } = state;
  const name = versions[place]!.version;
  if (verdict === "skip") return { ...state, skipped: [...new Set([...skipped, place])] };
  if (verdict === "good") {
    requireOrder(name, versions[bad]!.version, place < bad);
    return { ...state, good: Math.max(good, place) };
  }
  requireOrder(versions[good]?.version, name, place > good);
  return { ...state, bad: Math.min(bad, place) };
}

function requireOrder(good: string | undefined, bad: string, isSo: boolean): void {
  if (isSo) return;
  throw new LaminError("usage", `version ${good} cannot be good: ${bad}, not newer, is bad`, {
    hint: "a good version has to be older than a bad one; 'lamin bisect reset' begins anew",
    data: { good, bad },
  });
}

/** How far the search is; writes the version to test if that did not succeed before. */
export async function bisectProgress(instance: Instance): Promise<BisectProgress> {
  const state = requireState(instance);
  return await goOn(instance, state);
}

/**
 * Notes first what is known and only then writes, so that a verdict is never taken for one of
 * another version, wherever it stops.
 */
async function goOn(instance: Instance, state: BisectState): Promise<BisectProgress> {
  const next = nextOf({ ...state, count: state.versions.length });
  writeState(instance, state);
  if (next.kind !== "test") return { state, next, path: undefined };
  const row = await versionRow(instance, state.versions[next.place]!.uid);
  const path = await putVersion(instance, state, row);
  const written = { ...state, current: next.place };
  writeState(instance, written);
  return { state: written, next, path };
}

/**
 * Ends the search and brings back what was there before. Throws code "not_found" where none is
 * under way, "conflict" when what is there was changed; the search is forgotten then all the same
 * with `force`.
 */
export async function resetBisect(
  instance: Instance,
  { force }: { readonly force: boolean },
): Promise<BisectState | undefined> {
  if (force) {
    forgetState(instance);
    return undefined;
  }
  const state = requireState(instance);
  const last = state.versions[state.bad]!.uid;
  if (state.original === undefined) {
    await removeVersion(instance, state, await versionRow(instance, last));
  } else await putVersion(instance, state, await versionRow(instance, state.original));
  forgetState(instance);
  return state;
}
