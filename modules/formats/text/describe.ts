import type { Shape, Source } from "../../../core/format/format.ts";
import { countLines } from "./common_lines.ts";

/** Counts the lines; a last one without line feed is one too. */
export async function describeText(source: Source): Promise<Shape> {
  return { format: "text", size: source.size, lines: await countLines(source, 0, source.size) };
}
