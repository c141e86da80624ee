import type { AddResult } from "../../core/artifact/add/add.ts";
import type { RunInput } from "../../core/run/inputs.ts";
import type { RecordedCommand } from "../../core/run/recorded_command.ts";
import { type RunStatus, runStatus } from "../../core/run/run_status.ts";
import type { Output } from "../output.ts";
import { plural } from "./quantity.ts";

/** What there is to tell of a run. */
export interface Ran {
  readonly uid: string;
  readonly transform: string;
  readonly status: RunStatus;
  /** Exit code of the command. */
  readonly code: number;
  readonly inputs: readonly RunInput[];
  readonly result: AddResult;
  /** Patterns that match nothing. */
  readonly unmatched: readonly string[];
  /** Files that the command names and that are not recorded as they are. */
  readonly unrecorded: readonly string[];
  readonly logFailure: unknown;
  readonly wants: Pick<RecordedCommand, "outs" | "auto">;
}

/** Fields of a run in JSON and templates. */
export const ranFields = ["uid", "transform", "status", "code", "inputs", "outputs"] as const;

const namesMax = 5;

/** Tells of a run: a line for people, beside what the command printed. */
export function printRun(output: Output, ran: Ran): void {
  const { added, unchanged } = ran.result;
  const outputs = [...added].map(({ key }) => key ?? "");
  output.result({
    uid: ran.uid,
    transform: ran.transform,
    status: nameOf(ran.status),
    code: ran.code,
    inputs: ran.inputs.map(({ uid, path }) => ({ uid, path })),
    outputs,
  }, () => "");
  const count = outputs.length + unchanged.length;
  const names = outputs.length === count && count > 0 && count <= namesMax
    ? ` (${outputs.map(output.safe).join(", ")})`
    : "";
  const note = output.mode === "human" ? (text: string) => output.note(text) : () => {};
  note(
    `${nameOf(ran.status)}: run ${ran.uid}, ${plural(ran.inputs.length, "input")}, ${
      plural(count, "output")
    }${names}`,
  );
  warn(output, ran);
}

function warn(output: Output, ran: Ran): void {
  const { wants, status } = ran;
  const wantsOutputs = wants.auto || wants.outs.length > 0;
  if (wantsOutputs && status !== runStatus.completed) {
    output.warn("nothing that it wrote was recorded, since it failed");
  }
  for (const pattern of ran.unmatched) {
    output.warn(`nothing matches --out ${output.safe(pattern)}`);
  }
  for (const { path, why } of ran.result.refused) {
    output.warn(`not recorded: ${output.safe(path)}: ${why}`);
  }
  if (ran.unrecorded.length > 0) {
    const some = ran.unrecorded.slice(0, namesMax).map(output.safe).join(", ");
    const more = ran.unrecorded.length > namesMax ? ", …" : "";
    output.warn(`not noted as inputs, since no version is what they are now: ${some}${more}`);
  }
  if (wants.auto) {
    output.note("what it read without naming it was not seen: --in notes that");
  }
  if (ran.logFailure !== undefined) output.warn("the end of its log could not be written");
}

function nameOf(status: RunStatus): string {
  const [name] = Object.entries(runStatus).find(([, code]) => code === status)!;
  return name;
}
