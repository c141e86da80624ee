import { versionSuffix } from "../../core/identity/uid.ts";
import { countMax, type LogEntry, type NamedArtifact } from "../../core/log/entry.ts";
import type { JsonObject, Output } from "../output.ts";
import { momentText } from "./moment.ts";
import { commandLine, operationJson } from "./operation_json.ts";
import { undoneText } from "./operations.ts";
import { plural } from "./quantity.ts";

/** An entry of a history as `--json` prints it. */
export function logEntryJson({ source, at, author, artifacts, count }: LogEntry): JsonObject {
  const operation = source.kind === "operation" ? operationJson(source.operation) : null;
  const run = source.kind === "run"
    ? {
      uid: source.run.uid,
      started_at: source.run.started_at,
      transform: source.run.transform.key,
    }
    : null;
  return {
    kind: source.kind,
    uid: operation?.uid ?? run?.uid ?? null,
    created_at: at,
    created_by: author,
    count,
    artifacts: artifacts.map(({ event, row, formerKey }) => ({
      event,
      uid: row.uid,
      key: row.key,
      size: row.size,
      ...(formerKey === undefined ? {} : { former_key: formerKey }),
    })),
    operation,
    run,
  };
}

/** An entry of a history for people: lines, the first with what it is. */
export function logEntryLines(entry: LogEntry, output: Output): string[] {
  const { source, at, author } = entry;
  const host = source.kind === "operation" ? `@${source.operation.host}` : "";
  return [
    titleOf(entry, output),
    `Author: ${output.safe(author + host)}`,
    `Date:   ${momentText(at)}`,
    "",
    ...[bodyOf(entry, output), artifactLines(entry, output)]
      .flatMap((lines) => lines.length === 0 ? [] : [...lines, ""]),
  ];
}

function titleOf({ source }: LogEntry, output: Output): string {
  const { yellow, bold } = output.paint;
  if (source.kind === "operation") {
    const { operation } = source;
    const verb = bold(output.safe(operation.verb));
    return `${yellow(`operation ${operation.uid}`)} ${verb}${undoneText(operation, output)}`;
  }
  if (source.kind === "run") {
    return `${yellow(`run ${source.run.uid}`)} ${bold(transformName(source.run, output))}`;
  }
  return `${yellow("python")} ${bold("without a run")}`;
}

function transformName(
  { transform, name }: {
    transform: { key: string; uid: string; version_tag: string | null };
    name: string | null;
  },
  output: Output,
): string {
  const version = transform.version_tag ?? versionSuffix(transform.uid);
  const own = name === null ? "" : ` "${name}"`;
  return output.safe(`${transform.key} (${version})${own}`);
}

function bodyOf({ source }: LogEntry, output: Output): string[] {
  if (source.kind !== "operation") return [];
  const { operation } = source;
  return [
    `    ${output.safe(commandLine(operation))}`,
    `    ${output.paint.dim(output.safe(operation.summary))}`,
  ];
}

function artifactLines({ artifacts, count }: LogEntry, output: Output): string[] {
  if (artifacts.length === 0) return [];
  const lines = artifacts.map((one) => artifactLine(one, output));
  const more = count - artifacts.length;
  if (more > 0) lines.push(`    … and ${count >= countMax ? `more than ${more - 1}` : more} more`);
  return lines;
}

function artifactLine({ event, row, formerKey }: NamedArtifact, output: Output): string {
  const { paint } = output;
  const styles = {
    added: paint.green,
    "new version": paint.yellow,
    trashed: paint.red,
    deleted: paint.red,
    restored: paint.green,
    renamed: paint.blue,
    changed: paint.yellow,
  };
  const name = output.safe(artifactName(row));
  const from = formerKey === undefined ? "" : `${output.safe(formerKey ?? "")} → `;
  const word = event.padEnd("new version".length);
  return `    ${styles[event](word)} ${from}${name} ${paint.dim(row.uid)}`;
}

function artifactName(row: NamedArtifact["row"]): string {
  return row.key ?? row.description ?? row.uid;
}

/** An entry in one line: an id, the day, what, and the first names. */
export function logEntryLine(entry: LogEntry, output: Output): string {
  const { source, at, artifacts, count } = entry;
  const { paint } = output;
  const id = source.kind === "operation"
    ? source.operation.uid
    : source.kind === "run"
    ? source.run.uid.slice(0, 12)
    : "-".padEnd(12);
  const names = artifacts.map(({ row }) => output.safe(artifactName(row))).join(", ");
  const more = count > artifacts.length ? ", …" : "";
  const what = source.kind === "operation"
    ? `${paint.bold(output.safe(source.operation.verb))} ${output.safe(source.operation.summary)}` +
      undoneText(source.operation, output)
    : source.kind === "run"
    ? `${paint.bold(transformName(source.run, output))}: ${
      plural(count, "artifact")
    } ${names}${more}`
    : `${paint.bold("python")}: ${plural(count, "artifact")} ${names}${more}`;
  return `${paint.yellow(id)} ${at.slice(0, 10)} ${what}`;
}
