import { compareSources } from "../diff/compare.ts";
import { diffFolders, folderTally } from "../diff/folder.ts";
import { pickFormat } from "../diff/pick.ts";
import type { Tally } from "../diff/tally.ts";
import type { Change, FileChanged, Summary } from "../format/change.ts";
import type { Format, Source } from "../format/format.ts";
import type { CompareOptions } from "./compare_pair.ts";
import type { FileSide, FolderSide } from "./side.ts";

/** The changes from one file to another, ending with a summary. Equal SHA-256 need no reading. */
export async function* compareFiles(
  formats: readonly Format[],
  before: FileSide,
  after: FileSide,
  options: CompareOptions,
): AsyncGenerator<Change> {
  if (before.size === after.size) {
    const sha256 = await before.sha256();
    if (sha256 !== undefined && sha256 === await after.sha256()) {
      yield equalSummary(before.size);
      return;
    }
  }
  yield* compareContents(formats, await before.source(), await after.source(), options);
}

function equalSummary(size: number): Summary {
  return {
    kind: "summary",
    format: "whole",
    same: true,
    identical: true,
    counts: [],
    hidden: 0,
    size: { before: size, after: size },
  };
}

async function* compareContents(
  formats: readonly Format[],
  before: Source,
  after: Source,
  options: CompareOptions,
): AsyncGenerator<Change> {
  const { on, onWherePossible, changesMax } = options;
  const isKeyed = on !== undefined &&
    (!onWherePossible || (await pickFormat(formats, before, after)).hasKeys);
  yield* compareSources(formats, before, after, { changesMax, ...(isKeyed ? { on } : {}) });
}

/**
 * The changes from one folder to another by path, and inside changed files where that is asked for.
 */
export async function* compareFolders(
  formats: readonly Format[],
  before: FolderSide,
  after: FolderSide,
  options: CompareOptions,
): AsyncGenerator<Change> {
  const [filesBefore, filesAfter] = [await before.files(), await after.files()];
  const tally = folderTally(options.changesMax);
  for (const change of diffFolders(filesBefore, filesAfter, tally)) {
    yield change;
    if (options.deep && change.kind === "file_changed") {
      yield* insideFile(
        formats,
        before,
        after,
        change,
        { ...options, onWherePossible: true },
        tally,
      );
    }
  }
  const size = (files: readonly { size: number }[]) => ({
    size: files.reduce((sum, file) => sum + file.size, 0),
  });
  yield tally.summary("folder", size(filesBefore), size(filesAfter));
}

/** The changes inside one file of both folders, counted with those of the folder. */
async function* insideFile(
  formats: readonly Format[],
  before: FolderSide,
  after: FolderSide,
  { path }: FileChanged,
  options: CompareOptions,
  tally: Tally,
): AsyncGenerator<Change> {
  const [left, right] = [await before.source(path), await after.source(path)];
  const changes = compareContents(formats, left, right, { ...options, changesMax: tally.left });
  for await (const change of changes) {
    if (change.kind !== "summary") {
      if (change.kind !== "note") tally.give(weightOf(change));
      yield { ...change, part: change.part === undefined ? path : `${path}:${change.part}` };
      continue;
    }
    for (const { of, added, removed, changed } of change.counts) {
      tally.add(of, "added", added);
      tally.add(of, "removed", removed);
      tally.add(of, "changed", changed);
    }
    if (change.hidden > 0) tally.give(change.hidden);
  }
}

/** Lines are counted one by one. */
function weightOf(change: Exclude<Change, { kind: "summary" | "note" }>): number {
  return change.kind === "lines" ? change.lines.filter(({ sign }) => sign !== " ").length : 1;
}
