import type { Source } from "../../../core/format/format.ts";
import { decodeStream } from "../utf8.ts";
import { splitLines } from "./lines.ts";

/** Most characters that are looked through: a file without line feeds has one endless line. */
const charactersMax = 16 * 1024 * 1024;

/** The first lines of a text without their line feeds; reading ends with them. */
export async function firstLines(source: Source, count: number): Promise<string[]> {
  let text = "";
  let lines: string[] = [];
  for await (const piece of decodeStream(source.stream())) {
    text += piece;
    lines = splitLines(text);
    // The last line may go on.
    if (lines.length > count || text.length > charactersMax) break;
  }
  return lines.slice(0, count).map((line) => line.replace(/\r?\n$/, ""));
}
