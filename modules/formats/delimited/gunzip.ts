import { LaminError } from "../../../store/errors.ts";
import type { Source } from "../../../core/format/format.ts";

/**
 * The bytes of a gzip file, all of its members in a row: bgzip and pigz write many. The web's
 * DecompressionStream takes a single member only.
 *
 * @throws LaminError "damaged" when the file is cut off or not gzip.
 */
export async function* gunzip(source: Source): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  const { Readable } = await import("node:stream");
  let failure: unknown;
  const input = Readable.from(source.stream());
  const output = createGunzip();
  input.on("error", (error) => {
    failure = error;
    output.destroy(error);
  });
  try {
    for await (const bytes of input.pipe(output)) yield bytes;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new LaminError("damaged", `${source.name} is not a whole gzip file.`, {
      data: { name: source.name },
      cause: error,
    });
  } finally {
    input.destroy();
    output.destroy();
  }
}
