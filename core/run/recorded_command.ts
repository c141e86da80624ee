/** A file or folder that a run read or wrote: which version, and where it lay then. */
export interface RecordedFile {
  /** Uid of the artifact. */
  readonly uid: string;
  /** Path relative to the work tree; absolute for what lay elsewhere. */
  readonly path: string;
}

/**
 * What `lamin run` keeps of a command beside LaminDB's columns, in `run.extra_data` under `lamin`:
 * enough to run it again. No secret is in it.
 */
export interface RecordedCommand {
  /** The words, the program first. */
  readonly command: readonly string[];
  /** Folder that it ran in, relative to the work tree; `.` is the work tree itself. */
  readonly folder: string;
  readonly inputs: readonly RecordedFile[];
  readonly outputs: readonly RecordedFile[];
  /** The file in the work tree that a shell sent what the command prints to, as by `> FILE`. */
  readonly stdout?: string;
  /** Patterns of the files that were to be recorded as outputs. */
  readonly outs: readonly string[];
  /** Whether everything new in the work tree was to be. */
  readonly auto: boolean;
  /** Whether a secret was taken out of the words, so that they do not run as they stand. */
  readonly redacted: boolean;
}

/** The value of `run.extra_data` that holds a command. */
export function extraDataOf(command: RecordedCommand): { readonly lamin: RecordedCommand } {
  return { lamin: command };
}

/** The command in the text of `run.extra_data`; undefined for runs that others recorded. */
export function recordedCommand(extraData: string | null): RecordedCommand | undefined {
  const value = parsed(extraData);
  const lamin = isObject(value) ? value["lamin"] : undefined;
  if (!isObject(lamin) || !isTexts(lamin["command"]) || lamin["command"].length === 0) {
    return undefined;
  }
  return {
    command: lamin["command"],
    folder: typeof lamin["folder"] === "string" ? lamin["folder"] : ".",
    inputs: filesIn(lamin["inputs"]),
    outputs: filesIn(lamin["outputs"]),
    ...(typeof lamin["stdout"] === "string" ? { stdout: lamin["stdout"] } : {}),
    outs: isTexts(lamin["outs"]) ? lamin["outs"] : [],
    auto: lamin["auto"] === true,
    redacted: lamin["redacted"] === true,
  };
}

/** Anybody may have written into that column. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function filesIn(value: unknown): RecordedFile[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) =>
    isObject(one) && typeof one["uid"] === "string" && typeof one["path"] === "string"
      ? [{ uid: one["uid"], path: one["path"] }]
      : []
  );
}
