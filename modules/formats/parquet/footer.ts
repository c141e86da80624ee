import type { ColumnMetaData, FileMetaData } from "hyparquet";
import { parquetMetadata } from "hyparquet/src/metadata.js";
import type { Source } from "../../../core/format/format.ts";
import { damaged, decoding, unsupported } from "./damage.ts";
import { type Column, columnsOf, type Leaf } from "./schema.ts";
import { checkThrift } from "./thrift.ts";

/** Largest footer: about what a hundred thousand column chunks take. */
const footerBytesMax = 64 * 1024 * 1024;

/** The values of a leaf in one row group, with its place in the file checked. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly codec: ColumnMetaData["codec"];
  readonly values: number;
}

export interface RowGroup {
  readonly rows: number;
  /** One for each leaf of all columns, in order. */
  readonly chunks: readonly Chunk[];
}

/** What a Parquet file says about itself. */
export interface Footer {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly groups: readonly RowGroup[];
}

/**
 * Reads the footer: the schema, and where the columns are. Nothing is allocated for what the file
 * only claims to hold.
 *
 * @throws LaminError "damaged" when the footer contradicts itself or the size of the file; "failed"
 * when columns are encrypted or in other files.
 */
export async function readFooter(source: Source): Promise<Footer> {
  const { metadata, offset } = await readMetadata(source);
  const columns = decoding(source.name, "the schema", () => columnsOf(metadata));
  const leaves = columns.flatMap((column) => column.leaves);
  const groups = decoding(source.name, "the footer", () => {
    return metadata.row_groups.map((group) => rowGroup(source, group, leaves, offset));
  });
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  if (BigInt(rows) !== metadata.num_rows) {
    throw damaged(source.name, "its row groups have another count of rows than the file");
  }
  const bytes = groups.flatMap((group) => group.chunks)
    .reduce((sum, chunk) => sum + chunk.end - chunk.start, 0);
  if (bytes > source.size) throw damaged(source.name, "its columns overlap");
  return { rows, columns, groups };
}

async function readMetadata(
  source: Source,
): Promise<{ metadata: FileMetaData; offset: number }> {
  const { name, size } = source;
  if (size < 12) throw damaged(name, "it is too short");
  const tail = await source.read(size - 8, 8);
  const length = new DataView(tail.buffer, tail.byteOffset, 8).getUint32(0, true);
  if (String.fromCharCode(...tail.subarray(4)) !== "PAR1") throw damaged(name, "it was cut off");
  if (length > size - 12) throw damaged(name, "its footer is longer than the file");
  if (length > footerBytesMax) {
    throw unsupported(name, `a footer of ${length} bytes (at most ${footerBytesMax} are read)`);
  }
  const footer = new Uint8Array(await source.read(size - 8 - length, length + 8));
  const metadata = decoding(name, "the footer", () => {
    checkThrift(footer.subarray(0, length));
    return parquetMetadata(footer, { geoparquet: false });
  });
  return { metadata, offset: size - 8 - length };
}

function rowGroup(
  source: Source,
  group: FileMetaData["row_groups"][number],
  leaves: readonly Leaf[],
  dataEnd: number,
): RowGroup {
  const rows = Number(group.num_rows);
  if (!Number.isSafeInteger(rows) || rows < 0) {
    throw damaged(source.name, "a count of rows is wrong");
  }
  if (group.columns.length !== leaves.length) {
    throw damaged(source.name, "a row group has other columns than the schema");
  }
  const chunks = group.columns.map((column, index) => {
    if (column.file_path) throw unsupported(source.name, "columns in other files");
    const meta = column.meta_data;
    if (meta === undefined) throw unsupported(source.name, "encrypted columns");
    const { path, element } = leaves[index]!;
    if (meta.path_in_schema.join("\0") !== path.join("\0") || meta.type !== element.type) {
      throw damaged(source.name, "a row group has other columns than the schema");
    }
    return columnChunk(source, meta, dataEnd);
  });
  return { rows, chunks };
}

function columnChunk(source: Source, meta: ColumnMetaData, dataEnd: number): Chunk {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  const values = Number(meta.num_values);
  if (!(start >= 4 && end >= start && end <= dataEnd)) {
    throw damaged(source.name, "a column lies outside the file");
  }
  if (!Number.isSafeInteger(values) || values < 0) {
    throw damaged(source.name, "a count of values is wrong");
  }
  return { start, end, codec: meta.codec, values };
}
