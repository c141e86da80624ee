import type { Verdict } from "./limit.ts";
import { fixed, readableBytes, readableSeconds } from "./readable.ts";
import type { Report, Row, SceneReport } from "./report.ts";

/** The report for people. */
export function printed(report: Report): string {
  return [
    ...surroundings(report),
    ...report.scenes.flatMap(sceneLines),
    "",
    ...closing(report),
  ].join("\n");
}

function surroundings({ machine, tools, meter, scale }: Report): string[] {
  const { system, kernel, cores, processor, memoryBytes, fileSystem, load } = machine;
  const missing = tools.flatMap(({ name, missing }) =>
    missing === undefined ? [] : [`  not measured: ${name}: ${missing}`]
  );
  return [
    `${system}, kernel ${kernel}, ${cores} cores (${processor}), ${
      readableBytes(memoryBytes)
    } of memory`,
    `${fileSystem}, load ${load.toFixed(1)} at the start; scale ${scale}; measured by ${meter}`,
    ...tools.flatMap(({ name, version }) =>
      version === undefined ? [] : [`  ${name.padEnd(10)} ${version}`]
    ),
    ...missing,
    ...(load > cores / 2
      ? ["Others use this machine too: times are longer than they need be."]
      : []),
  ];
}

const columns = ["", "min", "median", "lamin is", "cpu", "memory", "private", "received", "runs"];

function sceneLines({ name, title, perSecond, rows, limits }: SceneReport): string[] {
  const isCounted = rows.some(({ receivedBytes }) => receivedBytes !== undefined);
  const shown = (_: string, column: number) => isCounted || columns[column] !== "received";
  const heading = columns.filter(shown);
  const cells = rows.map((row) => cellsOf(row).filter(shown));
  const all = [heading, ...cells];
  const widths = heading.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  const lines = all.map((line, index) => {
    const aligned = line.slice(0, heading.length).map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    );
    const end = index === 0 ? "" : noteOf(rows[index - 1]!);
    return `  ${aligned.join("  ")}${end === "" ? "" : `  ${end}`}`.trimEnd();
  });
  const rate = perSecond === undefined || limits.some(({ text }) => text.includes("a second"))
    ? []
    : [`  lamin: ${Math.round(perSecond).toLocaleString("en")} a second`];
  return ["", `${name}: ${title}`, ...lines, ...rate, ...limits.map(verdictLine)];
}

function cellsOf(row: Row): string[] {
  const { tool, kind, min, median, ratio, seconds } = row;
  const { cpuSeconds, peakBytes, privateBytes, receivedBytes } = row;
  const time = (count: number | undefined) => count === undefined ? "" : readableSeconds(count);
  const bytes = (count: number | undefined) => count === undefined ? "" : readableBytes(count);
  return [
    kind === "floor" ? `(${tool})` : tool,
    time(min),
    time(median),
    ratio === undefined || kind === "lamin" ? "" : `${fixed(ratio)} ×`,
    time(cpuSeconds),
    bytes(peakBytes),
    bytes(privateBytes),
    bytes(receivedBytes),
    String(seconds.length),
  ];
}

function noteOf({ failure, leftOut, remark }: Row): string {
  if (leftOut !== undefined) return `left out: ${leftOut}`;
  return failure !== undefined ? `failed: ${failure.replaceAll(/\s+/g, " ")}` : remark ?? "";
}

function verdictLine({ text, state }: Verdict): string {
  return `  ${text}${state === "unknown" ? "" : `, ${state}`}`;
}

function closing({ scenes, scale }: Report): string[] {
  const verdicts = scenes.flatMap(({ limits }) => limits.map(({ state }) => state));
  const count = (wanted: Verdict["state"]) => verdicts.filter((state) => state === wanted).length;
  const failed = scenes.flatMap(({ rows }) => rows).filter(({ failure }) => failure).length;
  return [
    `${count("met")} limits met, ${count("missed")} missed, ${count("unknown")} not comparable` +
    (failed > 0 ? `; ${failed} measurements failed` : ""),
    ...(scale === "small" ? ["The limits are meant for the sizes of the scale 'large'."] : []),
  ];
}
