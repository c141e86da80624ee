import { LaminError } from "../../store/errors.ts";
import type { ContentFile } from "../artifact/content_files.ts";
import { nameOf } from "../artifact/content_files.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { verifiedSource } from "../compare/verified_source.ts";
import { pickFormat } from "../diff/pick.ts";
import type { Beginning, Format, Source } from "../format/format.ts";
import type { Instance } from "../instance/instance.ts";
import { partSource } from "./part_source.ts";

/** Content up to this size is read whole, and so can be checked. */
const wholeBytesMax = 8 * 1024 * 1024;

export interface Head {
  readonly beginning: Beginning;
  /** False where only parts were read, which no hash tells to be right. */
  readonly isChecked: boolean;
}

/**
 * How a file of an artifact begins: its first `count` rows or lines. Of large content no more is
 * read than that takes. Throws code "usage" for content that has neither, "damaged" as the format.
 */
export async function headOf(
  instance: Instance,
  formats: readonly Format[],
  row: ArtifactRow,
  file: ContentFile,
  count: number,
): Promise<Head> {
  const name = file.path === "" ? nameOf(row) : file.path;
  if (file.size !== null && file.size <= wholeBytesMax) {
    const source = await verifiedSource(instance, row, file, name);
    return { beginning: await beginningOf(formats, source, count), isChecked: true };
  }
  const source = await partSource(instance, row, file, name);
  try {
    return { beginning: await beginningOf(formats, source, count), isChecked: false };
  } finally {
    source.close();
  }
}

async function beginningOf(
  formats: readonly Format[],
  source: Source,
  count: number,
): Promise<Beginning> {
  const format = await pickFormat(formats, source);
  if (format.head !== undefined) return await format.head(source, count);
  throw new LaminError("usage", `${source.name} is ${format.name}: it has no rows or lines`, {
    hint: "'lamin cat' prints its bytes",
    data: { name: source.name, format: format.name },
  });
}
