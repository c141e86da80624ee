import type { ContentSource } from "../../contents/source.ts";
import type { Frame } from "../frame.ts";
import { countIn, encodeJson, type JsonObject, listIn, textIn } from "../json.ts";
import { tellError } from "../wire_error.ts";
import { uidIn } from "./read_args.ts";

/** How many files can be asked for at once. */
export const filesMax = 64;

/** Bytes of a file that one frame has. */
const pieceBytes = 1 << 20;

/**
 * The bytes of files of artifacts, one after another, each ended by a `mark`: what was wrong with
 * it, if anything. The last piece comes only when all were right, also where those from an offset
 * on are asked for, as the rest of what was cut off.
 */
export async function* fileFrames(
  contents: ContentSource,
  asked: unknown,
): AsyncGenerator<Frame, JsonObject> {
  const files = listIn(asked, filesMax).map((one) => {
    const [uid, path, from = 0] = listIn(one, 3);
    return [uidIn(uid), textIn(path), countIn(from)] as const;
  });
  // Looked up together, as each alone would take as long.
  await contents.describe([...new Set(files.map(([uid]) => uid))]);
  for (const [uid, path, from] of files) {
    let skipped = 0;
    try {
      for await (const piece of contents.open(uid, path)) {
        const start = Math.min(piece.length, from - skipped);
        skipped += start;
        for (let at = start; at < piece.length; at += pieceBytes) {
          // Readers use their memory again, and what is sent may still wait.
          yield { kind: "data", bytes: piece.slice(at, at + pieceBytes) };
        }
      }
      yield { kind: "mark", bytes: encodeJson({}) };
    } catch (error) {
      yield { kind: "mark", bytes: encodeJson({ error: tellError(error) }) };
    }
  }
  return {};
}
