import { run } from "../build/run.ts";
import { pollingMeter } from "./polling_meter.ts";
import { pythonMeter } from "./python_meter.ts";

/** A program with its words. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Path of a file that is its standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where and how a command runs. Its output goes to files, for all tools alike. */
export interface Surroundings {
  readonly folder: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly output: string;
  readonly errors: string;
  readonly timeoutSeconds: number;
}

/** What one run of a command took. */
export interface Measured {
  readonly code: number;
  /** From start to end, as a clock has it. */
  readonly seconds: number;
  /** Of the processor, by it and what it waited for; undefined where it cannot be known. */
  readonly cpuSeconds: number | undefined;
  /** Most memory held, pages of mapped files among it; undefined where it cannot be known. */
  readonly peakBytes: number | undefined;
  /** Most memory seen that is no page of a mapped file; undefined for what was too short. */
  readonly privateBytes: number | undefined;
  /** That a server sent; undefined where nobody counted. */
  readonly receivedBytes?: number | undefined;
}

/** Runs commands and measures them. */
export interface Meter {
  /** How it measures, for the report. */
  readonly how: string;
  /** @throws when the program cannot be started. */
  measure(command: Command, surroundings: Surroundings): Promise<Measured>;
  /** Ends it, with the command that it runs. */
  close(): Promise<void>;
}

/** The best meter that this computer has. */
export async function openMeter(): Promise<Meter> {
  const { ok } = await run("python3", ["-c", "import os; os.waitstatus_to_exitcode, os.wait4"]);
  return ok ? pythonMeter() : pollingMeter();
}
