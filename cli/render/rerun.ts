import { versionName } from "../../core/compare/artifact_side.ts";
import { shellCommand, shellWord } from "../../core/text/shell_word.ts";
import type { Placed, Recipe } from "../../core/rerun/recipe.ts";
import type { RunAgain } from "../../core/rerun/run_again.ts";
import type { Verdict } from "../../core/rerun/verdict.ts";
import { escapeForTerminal } from "../../core/text/escape.ts";
import type { Json, JsonObject, Output } from "../output.ts";
import { jsonOf } from "./row_json.ts";
import { plural } from "./quantity.ts";
import { renderOne } from "./diff_stat.ts";

/** What would be run, as a person should see it before saying yes. */
export function renderRecipe(recipe: Recipe, { paint }: Output): string {
  const { run, transform, folder, inputs, outputs, remarks } = recipe;
  const line = (name: string, text: string) => `${paint.dim(name.padEnd(8))} ${text}`;
  const safe = escapeForTerminal;
  return [
    line("run", `${run.uid} of ${run.started_at.slice(0, 19)} UTC`),
    line("command", paint.bold(safe(shellCommand(recipe.command)))),
    ...(folder === "." ? [] : [line("in", safe(folder))]),
    line("code", `${safe(transform.key)} ${transform.uid}`),
    ...inputs.map(({ row, path }) =>
      line("input", `${safe(path)} ${paint.dim(safe(versionName(row)))}`)
    ),
    line("outputs", plural(outputs.length, "artifact")),
    ...remarks.map((remark) => line("note", safe(remark))),
  ].join("\n");
}

/** A line for each output, and where the new ones lie. */
export function renderAgain(
  { verdicts, scratch }: RunAgain,
  { uid, isKept }: { readonly uid: string | undefined; readonly isKept: boolean },
  output: Output,
): string {
  const width = verdicts.reduce((most, { verdict }) => Math.max(most, verdict.length), 0);
  const lines = verdicts.map((one) => verdictLine(one, width, output));
  if (verdicts.length === 0) lines.push("the run has no outputs to compare with");
  if (uid !== undefined) lines.push(`${output.paint.dim("recorded as the run")} ${uid}`);
  if (isKept) lines.push(`${output.paint.dim("what it left is in")} ${output.safe(scratch)}`);
  return lines.join("\n");
}

function verdictLine(
  { output: { row }, verdict, summary, path, why }: Verdict,
  width: number,
  { paint, safe }: Output,
): string {
  const isSame = verdict === "same bytes" || verdict === "same content";
  const style = isSame ? paint.green : paint.yellow;
  const name = `  ${style(verdict.padEnd(width))}  ${safe(versionName(row))}`;
  if (why !== undefined) return `${name}  ${paint.dim(safe(why))}`;
  if (verdict !== "differs") return name;
  const how = summary === undefined ? "" : `  ${renderOne(summary, 1, paint)}`;
  if (path === undefined) return `${name}${how}`;
  return `${name}${how}\n${" ".repeat(width + 4)}${
    paint.dim(safe(`lamin diff ${row.uid} ${shellWord(path)}`))
  }`;
}

export function recipeJson(recipe: Recipe): JsonObject {
  const { run, transform, command, folder, inputs, outputs, remarks } = recipe;
  return {
    run: run.uid,
    transform: transform.uid,
    command: [...command],
    folder,
    params: jsonOf(run.params),
    inputs: inputs.map(placedJson),
    outputs: outputs.map(placedJson),
    remarks: [...remarks],
  };
}

export function againJson(
  recipe: Recipe,
  again: RunAgain,
  { uid, isKept }: { readonly uid: string | undefined; readonly isKept: boolean },
): JsonObject {
  return {
    run: recipe.run.uid,
    command: [...recipe.command],
    code: again.code,
    seconds: (again.finishedAt.getTime() - again.startedAt.getTime()) / 1000,
    outputs: again.verdicts.map(({ output, verdict, path, summary, why }) => ({
      ...placedJson(output),
      verdict,
      file: isKept ? path ?? null : null,
      summary: summary as unknown as Json ?? null,
      ...(why === undefined ? {} : { why }),
    })),
    recorded: uid ?? null,
    scratch: isKept ? again.scratch : null,
  };
}

function placedJson({ row, path }: Placed) {
  return { uid: row.uid, key: row.key, path };
}
