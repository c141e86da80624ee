import { LaminError } from "../../store/errors.ts";
import { type ContentFile, openFile } from "../artifact/open_content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Source } from "../format/format.ts";
import type { Instance } from "../instance/instance.ts";

/**
 * Bytes of the shortest request, which are those that come with the size of a blob on a server, and
 * how many pieces are held: what is read is often read again soon.
 */
const pieceBytes = 64 * 1024;
const heldMax = 256;

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
  const hold = (index: number, bytes: Promise<Uint8Array>): void => {
    held.delete(index);
    held.set(index, bytes);
    if (held.size > heldMax) held.delete(held.keys().next().value!);
  };
  /** From one piece on up to another (not included), as far as none is held: one request. */
  const fetchFrom = (index: number, end: number): Promise<Uint8Array> => {
    let count = 1;
    while (index + count < end && !held.has(index + count)) count++;
    const all = inTurn(index * pieceBytes, count * pieceBytes);
    const part = (nth: number) =>
      all.then((bytes) => bytes.subarray(nth * pieceBytes, (nth + 1) * pieceBytes));
    for (let nth = 0; nth < count; nth++) {
      hold(index + nth, part(nth));
      // Who waits for it hears of a failure; nobody may wait for the later ones.
      held.get(index + nth)!.catch(() => {});
    }
    return held.get(index)!;
  };
  const piece = (index: number, end = index + 1): Promise<Uint8Array> => {
    const known = held.get(index);
    if (known === undefined) return fetchFrom(index, end);
    hold(index, known);
    return known;
  };
  const read = async (offset: number, length: number) => {
    if (length > heldMax * pieceBytes / 2) return whole(await inTurn(offset, length), length);
    const bytes = new Uint8Array(length);
    const end = Math.ceil((offset + length) / pieceBytes);
    for (let filled = 0; filled < length;) {
      const at = offset + filled;
      const from = (await piece(Math.floor(at / pieceBytes), end)).subarray(at % pieceBytes);
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
