import { LaminError } from "../../store/errors.ts";
import { type ContentFile, openFile, verifiedBytes } from "../artifact/open_content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Source } from "../format/format.ts";
import { memorySource } from "../format/source.ts";
import type { Instance } from "../instance/instance.ts";

/** Content up to this size is held, so that it is read once. */
const heldBytesMax = 8 * 1024 * 1024;
/** Bytes read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * A file of an artifact, to be read anywhere: all of it was checked against its hash before this
 * returns, so that no wrong byte is taken for right. Larger content is read twice for that.
 *
 * Throws code "damaged" when the bytes are missing or not the recorded ones.
 */
export async function verifiedSource(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
  name: string,
): Promise<Source> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of verifiedBytes(instance, row, file)) {
    size += bytes.length;
    if (size <= heldBytesMax) pieces.push(bytes);
    else pieces.length = 0;
  }
  if (size <= heldBytesMax) return memorySource(name, joined(pieces, size), file.sha256);
  const sha256 = file.sha256 === undefined ? {} : { sha256: file.sha256 };
  return {
    name,
    size,
    ...sha256,
    read: (offset, length) => readRange(instance, row, file, offset, length),
    async *stream() {
      for (let offset = 0; offset < size; offset += pieceBytes) {
        yield await readRange(instance, row, file, offset, Math.min(pieceBytes, size - offset));
      }
    },
  };
}

/** Opened for each piece, so that there is nothing to close. */
async function readRange(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const reader = await openFile(instance, row, file);
  try {
    const bytes = await reader.read(offset, length);
    if (bytes.length === length) return bytes;
    throw new LaminError("damaged", `${file.name} became shorter while it was read`);
  } finally {
    reader.close();
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
