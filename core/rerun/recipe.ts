import { LaminError } from "../../store/errors.ts";
import type { Reader } from "../../store/database/database.ts";
import type { RowOf } from "../../store/database/table.ts";
import { basename, isAbsolute, join, relativeTo } from "../../store/path.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { hashString } from "../identity/hash.ts";
import type { Instance } from "../instance/instance.ts";
import { artifact } from "../registry/lamindb/artifact.ts";
import type { run } from "../registry/lamindb/run.ts";
import { transform } from "../registry/lamindb/transform.ts";
import { recordedCommand, type RecordedFile } from "../run/recorded_command.ts";
import { redacted } from "../run/redact.ts";
import type { TransformRow } from "../transform/transform_wanted.ts";
import { commandOfScript } from "./command_of_script.ts";
import { currentVersionsOf } from "./current_inputs.ts";

export type RunRow = RowOf<typeof run>;

/** An artifact and where it lies below the folder that the run is done again in. */
export interface Placed {
  readonly row: ArtifactRow;
  readonly path: string;
  /** Absolute path of what takes its place, as it came out of a run that was done again before. */
  readonly from?: string;
}

/** All that is needed to do a run again. */
export interface Recipe {
  readonly run: RunRow;
  readonly transform: TransformRow;
  /** The words as recorded; paths of the work tree in them are to be replaced. */
  readonly command: readonly string[];
  /** Folder that it ran in, relative to the work tree. */
  readonly folder: string;
  /** The code, to be written where the command looks for it. */
  readonly code: { readonly path: string; readonly text: string } | undefined;
  /** The file that what it prints goes to, relative to the work tree; not checked yet. */
  readonly stdout: string | undefined;
  readonly inputs: readonly Placed[];
  readonly outputs: readonly Placed[];
  /** Absolute paths that the words may have, with those that stand for them. */
  readonly moved: readonly (readonly [from: string, to: string])[];
  /** Whether it works with LaminDB or lamin itself, and so needs an instance to do it in. */
  readonly needsInstance: boolean;
  /** What is not as it was, a sentence each. */
  readonly remarks: readonly string[];
}

/** A folder for what lay outside of the work tree. */
const elsewhere = "elsewhere";

/**
 * How to do a run again: as it was recorded, or for what Python ran its script by the interpreter
 * of its suffix with the recorded arguments. With `latest`, the current versions of the inputs
 * take the place of those that it read. Throws code "failed" where that cannot be told, as where a
 * secret was taken out of the command.
 */
export async function recipeOf(
  instance: Instance,
  reader: Reader,
  run: RunRow,
  { latest }: { readonly latest: boolean },
): Promise<Recipe> {
  const [code] = await reader.select(transform, "id = ?", [run.transform_id]);
  const recorded = recordedCommand(run.extra_data);
  if (recorded?.redacted) throw hasSecret(run);
  const remarks: string[] = [];
  const source = await sourceOf(instance, code!, remarks);
  const isInline = recorded?.command.some((word) => word === source) ?? false;
  const codePath = source === undefined || isInline ? undefined : code!.key;
  const command = recorded?.command ?? commandOfScript(run, code!, source);
  const moved: [string, string][] = [[instance.workTree.root, "."]];
  if (codePath !== undefined) {
    const word = command.find((one) =>
      isAbsolute(one) && basename(one) === codePath &&
      relativeTo(instance.workTree.root, one) === undefined
    );
    if (word !== undefined) moved.unshift([word, codePath]);
  }
  const inputs = await inputsOf(reader, run, recorded?.inputs ?? []);
  const placed = placeInputs(instance, inputs, moved);
  return {
    run,
    transform: code!,
    command,
    folder: recorded?.folder ?? ".",
    code: codePath === undefined ? undefined : { path: codePath, text: source! },
    stdout: recorded?.stdout,
    inputs: latest ? await currentVersionsOf(instance, reader, placed) : placed,
    outputs: await outputsOf(reader, run, recorded?.outputs ?? []),
    moved,
    needsInstance: recorded === undefined || namesLamin([...command, source ?? ""]) ||
      await hasInner(reader, run),
    remarks,
  };
}

function namesLamin(texts: readonly string[]): boolean {
  return texts.some((text) => /\b(lamindb|laminr|lamin)\b/.test(text));
}

/** Whether runs were recorded inside of the run. */
async function hasInner(reader: Reader, { id }: RunRow): Promise<boolean> {
  const sql = "SELECT id FROM lamindb_run WHERE initiated_by_run_id = ? LIMIT 1";
  return await reader.first(sql, [id]) !== undefined;
}

/** The source as it was; where a secret was taken out of it, from the file if it is the same. */
async function sourceOf(
  { host, workTree }: Instance,
  { source_code, hash, key }: TransformRow,
  remarks: string[],
): Promise<string | undefined> {
  if (source_code === null || !source_code.includes(redacted)) return source_code ?? undefined;
  const path = join(workTree.root, key);
  const hashing = await host.hashing();
  if (host.files.stat(path)?.kind === "file") {
    const text = new TextDecoder().decode(host.files.readFile(path));
    if (hashString(hashing, text) === hash) return text;
  }
  remarks.push(`a secret was taken out of ${key} when it was recorded, so it may fail`);
  return source_code;
}

/** Artifacts that the run read, with the paths that are known; the others lie at their keys. */
async function inputsOf(
  reader: Reader,
  { id }: RunRow,
  recorded: readonly RecordedFile[],
): Promise<Placed[]> {
  const rows = await reader.select(
    artifact,
    "id IN (SELECT artifact_id FROM lamindb_artifact_input_of_runs WHERE run_id = ?) ORDER BY id",
    [id],
  );
  return rows.map((row) => placedAt(row, recorded));
}

async function outputsOf(
  reader: Reader,
  { id, report_id, environment_id }: RunRow,
  recorded: readonly RecordedFile[],
): Promise<Placed[]> {
  const rows = await reader.select(
    artifact,
    `(run_id = ? OR id IN (SELECT artifact_id FROM lamindb_artifact_recreating_runs
       WHERE run_id = ?)) ORDER BY id`,
    [id, id],
  );
  return rows.filter((row) => row.id !== report_id && row.id !== environment_id)
    .map((row) => placedAt(row, recorded));
}

function placedAt(row: ArtifactRow, recorded: readonly RecordedFile[]): Placed {
  const path = recorded.find(({ uid }) => uid === row.uid)?.path;
  return { row, path: path ?? row.key ?? row.uid + row.suffix };
}

/** What lay outside of the work tree goes to a place that the words of the command then name. */
function placeInputs(
  { workTree }: Instance,
  inputs: readonly Placed[],
  moved: [string, string][],
): Placed[] {
  return inputs.map(({ row, path }, index) => {
    if (!isAbsolute(path)) return { row, path };
    const inside = relativeTo(workTree.root, path);
    if (inside !== undefined && inside !== "") return { row, path: inside };
    const place = `${elsewhere}/${index}/${basename(path)}`;
    moved.unshift([path, place]);
    return { row, path: place };
  });
}

function hasSecret({ uid }: RunRow): LaminError {
  return new LaminError("failed", `a secret was taken out of the command of ${uid}`, {
    hint: "run the command yourself with 'lamin run'; 'lamin show run' has it without the secret",
    data: { run: uid },
  });
}
