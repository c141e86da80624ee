import type { Format } from "../../core/format/format.ts";
import type { Host } from "../../store/host/host.ts";
import { binaryFormat } from "./binary.ts";
import { delimited } from "./delimited.ts";
import { parquet } from "./parquet.ts";
import { text } from "./text.ts";

/**
 * The formats that `lamin` can look into, in the order in which they are asked. The last one takes
 * everything. Libraries are loaded when a format is used, not by this.
 */
export function formats(host: Pick<Host, "hashing">): readonly Format[] {
  return [parquet, delimited, text, binaryFormat(host)];
}
