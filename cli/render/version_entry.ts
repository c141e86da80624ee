import { trashBranch } from "../../core/version/branch_ids.ts";
import { versionSuffix } from "../../core/identity/uid.ts";
import type { VersionEntry } from "../../core/log/version_log.ts";
import { artifact } from "../../core/registry/lamindb/artifact.ts";
import type { JsonObject, Output } from "../output.ts";
import { momentText } from "./moment.ts";
import { commandLine } from "./operation_json.ts";
import { undoneText } from "./operations.ts";
import { formatBytes } from "./quantity.ts";
import { jsonOf, rowJson } from "./row_json.ts";

/** Characters of a SHA-256 that people are shown; enough to name the content by. */
const sha256Shown = 12;

/**
 * An entry of an artifact's history as `--json` prints it: the artifact's fields and what happened.
 */
export function versionEntryJson(entry: VersionEntry): JsonObject {
  const { event, at, author, row, branch, content, operation, run } = entry;
  return {
    event,
    at,
    author,
    ...rowJson(artifact, row),
    branch,
    sha256: content?.sha256 ?? null,
    operation: operation?.uid ?? null,
    command: operation === undefined ? null : jsonOf(operation.command),
    run: run?.uid ?? null,
    transform: run?.transform.key ?? null,
    ...(entry.formerKey === undefined ? {} : { former_key: entry.formerKey }),
    ...(entry.fields === undefined ? {} : { fields: entry.fields }),
  };
}

/** An entry of an artifact's history for people, the first line with what it is. */
export function versionEntryLines(entry: VersionEntry, output: Output): string[] {
  const { row, at, author, branch, content } = entry;
  const isNew = entry.event === "added" || entry.event === "new version";
  const lines = [
    titleOf(entry, output),
    `Author: ${output.safe(author)}`,
    `Date:   ${momentText(at)}`,
    `Branch: ${output.safe(branch)}`,
  ];
  if (isNew) {
    const hash = content === undefined
      ? `hash ${row.hash ?? "none"}`
      : `sha256 ${content.sha256.slice(0, sha256Shown)}`;
    const size = row.size === null ? "" : `${formatBytes(row.size)}, `;
    if (row.key !== null) lines.push(`Key:    ${output.safe(row.key)}`);
    if (row.description !== null) lines.push(`About:  ${output.safe(row.description)}`);
    lines.push(`Bytes:  ${size}${output.safe(hash)}`);
  }
  return [...lines, ...originOf(entry, output), ""];
}

function titleOf(
  { event, row, operation, formerKey, fields }: VersionEntry,
  output: Output,
): string {
  const { paint } = output;
  const name = `${row.version_tag ?? versionSuffix(row.uid)} ${row.uid}`;
  if (event === "added" || event === "new version") {
    return `${paint.yellow(output.safe(`version ${name}`))}${stateOf(row, output)}`;
  }
  const more = formerKey !== undefined
    ? ` from ${formerKey}`
    : fields !== undefined
    ? `: ${fields.join(", ")}`
    : "";
  const undone = operation === undefined ? "" : undoneText(operation, output);
  return `${paint.bold(event)} ${paint.dim(output.safe(name))}${output.safe(more)}${undone}`;
}

/** ` (latest)`, ` (in the trash)`, or nothing for an earlier version. */
function stateOf(row: VersionEntry["row"], output: Output): string {
  if (row.branch_id === trashBranch) return output.paint.red(" (in the trash)");
  return row.is_latest ? output.paint.green(" (latest)") : "";
}

function originOf({ operation, run }: VersionEntry, output: Output): string[] {
  const lines: string[] = [];
  if (operation !== undefined) {
    lines.push(`By:     ${output.safe(commandLine(operation))} ${output.paint.dim(operation.uid)}`);
  }
  if (run !== undefined) {
    lines.push(`Run:    ${output.safe(`${run.transform.key} `)}${output.paint.dim(run.uid)}`);
  }
  return lines;
}

/** An entry of an artifact's history in one line. */
export function versionEntryLine(entry: VersionEntry, output: Output): string {
  const { paint } = output;
  const { row, at, event, operation } = entry;
  const isNew = event === "added" || event === "new version";
  const size = isNew && row.size !== null ? ` ${formatBytes(row.size)}` : "";
  const key = output.safe(row.key ?? row.description ?? "");
  const from = entry.formerKey === undefined ? "" : `${output.safe(entry.formerKey ?? "")} → `;
  const state = isNew
    ? stateOf(row, output)
    : operation === undefined
    ? ""
    : undoneText(operation, output);
  return `${paint.yellow(row.uid)} ${at.slice(0, 10)} ${event} ${from}${key}${size}${state}`;
}
