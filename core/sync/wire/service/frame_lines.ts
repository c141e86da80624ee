import type { Frame } from "../frame.ts";
import type { Json, JsonObject } from "../json.ts";

/** Bytes after which lines are sent, so that neither side has to hold many. */
const sentFrom = 256 * 1024;

const encoder = new TextEncoder();

/** Puts lines of JSON into frames, whole lines into each. */
export async function* frameLines(
  lines: AsyncIterable<Json> | Promise<readonly Json[]>,
): AsyncGenerator<Frame, JsonObject> {
  let text = "";
  for await (const line of Symbol.asyncIterator in lines ? lines : await lines) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < sentFrom) continue;
    yield { kind: "data", bytes: encoder.encode(text) };
    text = "";
  }
  if (text !== "") yield { kind: "data", bytes: encoder.encode(text) };
  return {};
}
