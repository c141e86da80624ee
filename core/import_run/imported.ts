import type { RunStatus } from "../run/run_status.ts";

/** What a workflow manager noted of a folder in which it worked. */
export interface ImportedWorkflow {
  readonly manager: "snakemake" | "nextflow" | "redun";
  /** Absolute; paths of files are relative to it. */
  readonly folder: string;
  readonly tasks: readonly ImportedTask[];
  /** What of it cannot be imported, and why, a sentence each. */
  readonly passedOver: readonly string[];
}

/** One task that a workflow manager ran, which becomes a run. Nothing of it was checked. */
export interface ImportedTask {
  /** The same whenever the same execution is imported; no other one has it in its workflow. */
  readonly id: string;
  /** The id of the task inside of which it was started. */
  readonly parent?: string;
  readonly name: string;
  readonly code: ImportedCode;
  readonly inputs: readonly TaskFile[];
  readonly outputs: readonly TaskFile[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What a shell ran, with all values in it. */
  readonly command?: string;
  /** The words that do it again in the folder of the workflow, where that is enough. */
  readonly words?: readonly string[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly status: RunStatus;
  /** What it printed: files, or the text itself. */
  readonly logs?: readonly string[];
  readonly logText?: string;
}

/** The rule, process or function of a task. */
export interface ImportedCode {
  readonly name: string;
  /** What a file with such code would end with. */
  readonly suffix: string;
  readonly kind: "pipeline" | "function";
  readonly source?: string;
}

export interface TaskFile {
  /** As the workflow manager noted it: relative to the folder, absolute, or a URL. */
  readonly path: string;
  /** What the content was then, where that was noted. */
  readonly sha256?: string;
  /** Where the same content was copied to and when, which is a better name for it. */
  readonly published?: { readonly path: string; readonly at: Date };
}
