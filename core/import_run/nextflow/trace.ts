import type { Host } from "../../../store/host/host.ts";
import { readForeign } from "../foreign.ts";

/** A line of Nextflow's trace by the names of its columns; `-` stands for what is not known. */
export type TraceRow = Readonly<Record<string, string>>;

/** The rows of a trace, a table with tabs and a line of names; undefined where there is none. */
export function readTrace(host: Host, path: string): TraceRow[] | undefined {
  const text = readForeign(host, path);
  if (text === undefined) return undefined;
  const [head = "", ...lines] = text.split(/\r?\n/);
  const names = head.split("\t");
  if (!names.includes("hash") || !names.includes("name")) return undefined;
  return lines.filter((line) => line !== "").map((line) => {
    const values = line.split("\t");
    return Object.fromEntries(
      names.flatMap((name, index) => {
        const value = values[index]?.toWellFormed();
        return value === undefined || value === "-" || value === "" ? [] : [[name, value]];
      }),
    );
  });
}

/**
 * A time of a trace: milliseconds since 1970 where it was written raw, else a time of the machine's
 * own zone, which the file does not tell; undefined for what is none.
 */
export function traceTime(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const isRaw = /^\d{12,14}$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/.test(text);
  if (!isRaw && !isTime) return undefined;
  const time = isRaw ? new Date(Number(text)) : new Date(text.replace(" ", "T"));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
