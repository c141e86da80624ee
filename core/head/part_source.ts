import { LaminError } from "../../store/errors.ts";
import { type ContentFile, openFile } from "../artifact/open_content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Source } from "../format/format.ts";
import type { Instance } from "../instance/instance.ts";

/** Bytes of a request, and how many pieces are held: what is read is often read again soon. */
const pieceBytes = 512 * 1024;
const heldMax = 32;

/** Content of which parts are read, unchecked: to be closed. */
export interface PartSource extends Source {
  close(): void;
}

/**
 * A file of an artifact of which only the parts are read that are asked for, in pieces; the bytes
 * are not compared with any hash, since that takes all of them.
 */
export async function partSource(
  instance: Instance,
  row: ArtifactRow,
  file: ContentFile,
  name: string,
): Promise<PartSource> {
  const reader = await openFile(instance, row, file);
  const held = new Map<number, Promise<Uint8Array>>();
  // A reader is asked for one thing at a time; columns of a table are read side by side.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = last.catch(() => {}).then(() => reader.read(offset, length));
    last = bytes;
    return bytes;
  };
  const piece = (index: number): Promise<Uint8Array> => {
    const known = held.get(index);
    held.delete(index);
    const bytes = known ?? inTurn(index * pieceBytes, pieceBytes);
    held.set(index, bytes);
    if (held.size > heldMax) held.delete(held.keys().next().value!);
    return bytes;
  };
  const read = async (offset: number, length: number) => {
    if (length > heldMax * pieceBytes / 2) return whole(await inTurn(offset, length), length);
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const at = offset + filled;
      const from = (await piece(Math.floor(at / pieceBytes))).subarray(at % pieceBytes);
      if (from.length === 0) throw shorter(name);
      bytes.set(from.subarray(0, length - filled), filled);
      filled += from.length;
    }
    return bytes;
  };
  return {
    name,
    size: reader.size,
    read,
    async *stream() {
      for (let index = 0; index * pieceBytes < reader.size; index++) yield await piece(index);
    },
    close: () => reader.close(),
  };

  function whole(bytes: Uint8Array, length: number): Uint8Array {
    if (bytes.length < length) throw shorter(name);
    return bytes;
  }
}

function shorter(name: string): LaminError {
  return new LaminError("damaged", `${name} ends early`, {
    hint: "'lamin fsck --deep' tells whether it is damaged",
  });
}
