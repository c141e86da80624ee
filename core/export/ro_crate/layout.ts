import { encodedPath } from "../location.ts";
import {
  type ExportedArtifact,
  type ExportedTransform,
  type Provenance,
  type RunFile,
  runFilesOf,
} from "../provenance.ts";
import { CratePaths } from "./paths.ts";

/** An artifact in a crate. */
export interface PlacedArtifact {
  readonly artifact: ExportedArtifact;
  /** Below the crate's root; undefined where the crate only links to it. */
  readonly path: string | undefined;
  /** Whether it is the log or environment of a run, from which secrets are taken out. */
  readonly isRunFile: boolean;
  /** How the crate's description names it: a path or URL, encoded. */
  readonly id: string;
}

/** A version of a transform in a crate. */
export interface PlacedTransform {
  readonly transform: ExportedTransform;
  /** Undefined for one without source code. */
  readonly path: string | undefined;
  readonly id: string;
}

/** Where everything in a crate is. */
export interface Layout {
  /** By node name. */
  readonly artifacts: ReadonlyMap<string, PlacedArtifact>;
  /** By uid. */
  readonly transforms: ReadonlyMap<string, PlacedTransform>;
}

/** Decides where what goes: data below `data/`, source code below `code/`, logs below `runs/`. */
export function layOut(provenance: Provenance, { links }: { links: boolean }): Layout {
  const paths = new CratePaths();
  const runFiles = runFilesOf(provenance);
  const artifacts = new Map<string, PlacedArtifact>();
  for (const [name, one] of provenance.data) {
    if (one.kind !== "artifact") continue;
    const [runFile] = runFiles.get(name) ?? [];
    const isFolder = one.row.n_files !== null;
    const path = links ? undefined : pathOf(paths, one, runFile);
    const id = path === undefined ? one.url : encodedPath(path);
    artifacts.set(name, {
      artifact: one,
      path,
      id: id + (isFolder ? "/" : ""),
      isRunFile: runFile !== undefined && !isFolder,
    });
  }
  return { artifacts, transforms: placedTransforms(provenance, paths) };
}

function pathOf(
  paths: CratePaths,
  { row }: ExportedArtifact,
  runFile: RunFile | undefined,
): string {
  const { uid, key, suffix } = row;
  if (runFile === undefined) return paths.take("data", key ?? uid + suffix, uid, suffix);
  const ending = row.n_files === null ? suffix || ".txt" : "";
  return paths.take("runs", `${runFile.run}/${runFile.kind}${ending}`, uid, suffix);
}

function placedTransforms({ runs }: Provenance, paths: CratePaths): Map<string, PlacedTransform> {
  const transforms = new Map<string, PlacedTransform>();
  for (const { transform } of runs.values()) {
    const { uid, key, source_code } = transform.row;
    if (transforms.has(uid)) continue;
    const path = source_code === null ? undefined : paths.take("code", key, uid);
    const id = path === undefined ? `#transform-${encodeURIComponent(uid)}` : encodedPath(path);
    transforms.set(uid, { transform, path, id });
  }
  return transforms;
}
