import { LaminError } from "../../../store/errors.ts";
import type { WorkTree } from "../../../store/work_tree.ts";
import { parseRelativePath } from "../../identity/key.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Provenance } from "../provenance.ts";
import { crateContents, type CrateFile } from "./contents.ts";
import { layOut } from "./layout.ts";
import type { CrateRequest } from "./metadata.ts";

export interface CrateExport extends CrateRequest {
  /** The folder in which the crate comes to lie, and its name there; `.zip` makes one file. */
  readonly tree: WorkTree;
  readonly fileName: string;
  /** Describe data where they lie, and bring no bytes. */
  readonly links: boolean;
  readonly onProgress: (bytes: number, files: number) => void;
}

/** What was written. */
export interface WrittenCrate {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes the history of data as an RO-Crate, a new folder or zip file.
 *
 * Throws code "conflict" when something is there, "damaged" or "not_fetched" when bytes are not
 * there as they were recorded; nothing is written then.
 */
export async function exportCrate(
  instance: Instance,
  provenance: Provenance,
  request: CrateExport,
): Promise<WrittenCrate> {
  const { tree } = request;
  const path = parseRelativePath(request.fileName);
  if (tree.stat(path) !== null) {
    throw new LaminError("conflict", `${request.fileName} is there already`, {
      hint: "name a folder or a zip file that is not there yet",
      data: { path: request.fileName },
    });
  }
  tree.makeRoot();
  const tally = { files: 0, bytes: 0 };
  const layout = layOut(provenance, request);
  const files = counted(crateContents(instance, provenance, layout, request), tally, request);
  if (/\.zip$/i.test(path)) {
    const { writeZip } = await import("./write_zip.ts");
    await writeZip(tree, path, files, new Date(request.day));
  } else {
    const { writeFolder } = await import("./write_folder.ts");
    await writeFolder(tree, path, files);
  }
  return tally;
}

async function* counted(
  files: AsyncIterable<CrateFile>,
  tally: { files: number; bytes: number },
  { onProgress }: CrateExport,
): AsyncGenerator<CrateFile> {
  for await (const file of files) {
    tally.files++;
    onProgress(0, 1);
    yield {
      ...file,
      async *bytes() {
        for await (const bytes of file.bytes()) {
          tally.bytes += bytes.length;
          onProgress(bytes.length, 0);
          yield bytes;
        }
      },
    };
  }
}
