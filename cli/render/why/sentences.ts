import { labelOf } from "../../../core/lineage/label.ts";
import type { DataNode } from "../../../core/lineage/nodes.ts";
import type { Maker } from "../../../core/why/maker.ts";
import type { Match } from "../../../core/why/same_content.ts";
import type { Why } from "../../../core/why/why.ts";
import type { Output } from "../../output.ts";
import { momentText } from "../moment.ts";
import { commandLine } from "../operation_json.ts";
import { formatDuration } from "../quantity.ts";
import { shellCommand } from "../../../core/text/shell_word.ts";

type Look = Pick<Output, "safe" | "paint" | "verbose">;

/** How many other artifacts and runs are named. */
const namedMax = 3;

/** The story of a file in sentences. */
export function renderWhy(asked: string, found: Why, look: Look): string {
  const { story: { makers }, others } = found;
  const [last, ...before] = makers;
  return [
    ...identity(asked, found, look),
    ...last === undefined ? unrecorded(found, look) : makerLines(last, look),
    ...before.length === 0 ? [] : [earlier(before, look)],
    ...others.length === 0 ? [] : [alsoIn(others, look)],
  ].join("\n");
}

function identity(
  asked: string,
  { content, match: { member, isSure }, story: { artifact, current } }: Why,
  { safe, paint }: Look,
): string[] {
  const key = paint.bold(safe(labelOf(artifact).title));
  const what = member === undefined ? key : `${paint.bold(safe(member))} in the folder ${key}`;
  const subject = content === undefined
    ? `${what} is`
    : `${asked === "-" ? "The content" : safe(asked)} is ${what},`;
  const version = `version ${safe(artifact.version)}`;
  const uid = paint.dim(`uid ${artifact.uid}`);
  const unsure = isSure ? [] : [
    "That is told by LaminDB's hash of its ends alone, as its stored bytes cannot be read here.",
  ];
  const newer = current === undefined
    ? []
    : [`It is not current: version ${safe(current.version)} took its place, ${when(current)}.`];
  return [`${subject} ${version}, ${uid}.`, ...unsure, ...newer];
}

function when({ created_at }: DataNode): string {
  return momentText(created_at);
}

/** What is known of something that no run was recorded of. */
function unrecorded(
  { story: { createdBy, createdAt, recordedBy } }: Why,
  { safe }: Look,
): string[] {
  const who = createdBy === undefined ? "Somebody" : safe(createdBy);
  const how = recordedBy === undefined ? "" : ` by '${safe(commandLine(recordedBy))}'`;
  return [
    `${who} recorded it ${momentText(createdAt)}${how}.`,
    "No run is known that made it.",
  ];
}

function makerLines(maker: Maker, look: Look): string[] {
  const { safe, paint } = look;
  const { run, inputs, isAgain } = maker;
  const who = run.created_by === null ? "" : `${safe(run.created_by)} `;
  const verb = isAgain ? "made it again" : "made it";
  const subject = who === "" ? `It was ${isAgain ? "made again" : "made"}` : `${who}${verb}`;
  const time = run.started_at === null ? "" : ` ${momentText(run.started_at)}`;
  return [
    `${subject}${time} with \`${paint.bold(safe(commandOf(maker)))}\`, run ${run.uid}${
      ended(maker)
    }.`,
    ...codeLine(maker, look),
    ...paramsLine(maker, look),
    ...filesLine(maker),
    ...inputs.length === 0
      ? ["It is not known to have read anything."]
      : ["It was made from", ...inputs.map((input) => inputLine(input, look))],
  ];
}

/** The command as it was typed, or as far as Python keeps it. */
function commandOf({ command, cliArgs, run }: Maker): string {
  if (command !== undefined) return shellCommand(command);
  const { title } = labelOf(run);
  return cliArgs === undefined ? title : `${title} ${cliArgs}`;
}

function ended({ run: { status, started_at, finished_at } }: Maker): string {
  if (status === "errored" || status === "aborted") return `, which ${status}`;
  if (started_at === null || finished_at === null) return "";
  const seconds = (Date.parse(`${finished_at}Z`) - Date.parse(`${started_at}Z`)) / 1000;
  return Number.isFinite(seconds) && seconds >= 1 ? `, in ${formatDuration(seconds)}` : "";
}

function codeLine({ run: { transform }, hasSource }: Maker, { safe, paint }: Look): string[] {
  const source = hasSource
    ? ` (${paint.dim(`'lamin show transform ${transform.uid}'`)} prints its code)`
    : ", of which no code is recorded";
  const name = safe(transform.key ?? transform.uid);
  return [`Its ${safe(transform.kind)} is ${name}, version ${safe(transform.version)}${source}.`];
}

function paramsLine({ params }: Maker, { safe }: Look): string[] {
  return params === undefined || params === "{}" || params === "null"
    ? []
    : [`Its parameters are ${safe(params)}.`];
}

function filesLine({ environment, report }: Maker): string[] {
  const parts = [
    ...environment === undefined ? [] : [`its environment: 'lamin cat ${environment}'`],
    ...report === undefined ? [] : [`what it printed: 'lamin cat ${report}'`],
  ];
  if (parts.length === 0) return [];
  const text = parts.join("; ");
  return [`${text[0]!.toUpperCase()}${text.slice(1)}.`];
}

function inputLine({ data, current }: Maker["inputs"][number], { safe, paint }: Look): string {
  const name = `  ${safe(labelOf(data).title)}, version ${safe(data.version)}`;
  return current === undefined
    ? name
    : `${name}: ${
      paint.yellow(`version ${safe(current.version)} is current since ${when(current)}`)
    }`;
}

function earlier(before: readonly Maker[], { safe, verbose }: Look): string {
  const named = before.slice(0, verbose ? Infinity : namedMax).map(({ run, isAgain }) => {
    const name = safe(labelOf(run).title);
    return `${name}, run ${run.uid} (${isAgain ? "again" : "first"}, ${
      momentText(run.started_at ?? "")
    })`;
  });
  return `Before, it was made by ${named.join("; ")}${more(before.length - named.length)}.`;
}

function alsoIn(others: readonly Match[], { safe, verbose }: Look): string {
  const named = others.slice(0, verbose ? Infinity : namedMax).map(({ row, member }) => {
    const name = safe(row.key ?? row.description ?? row.uid);
    return member === undefined ? `${name} (${row.uid})` : `${name}/${safe(member)} (${row.uid})`;
  });
  return `The same content is in ${named.join(", ")}${more(others.length - named.length)}.`;
}

function more(count: number): string {
  return count <= 0 ? "" : ` and ${count} more (see -v)`;
}
