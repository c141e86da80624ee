import { LaminError } from "../../store/errors.ts";
import type { FileStat } from "../../store/host/host.ts";
import { join, relativeTo } from "../../store/path.ts";
import { WorkIndex } from "../../store/work_index/work_index.ts";
import { folderFiles } from "../artifact/add/folder_files.ts";
import { fileSource } from "../format/source.ts";
import type { Instance } from "../instance/instance.ts";
import { FileContents } from "../work_tree/file_contents.ts";
import { presentAt } from "../work_tree/present.ts";
import type { Side } from "./side.ts";

/** Files on this machine as sides of comparisons; what the stat cache knows is not read again. */
export class WorkSides {
  #contents: FileContents | undefined;

  constructor(private readonly instance: Instance) {}

  /** The file or folder at an absolute path. Throws code "not_found" when there is none. */
  side(path: string): Side {
    const { host, workTree } = this.instance;
    const name = relativeTo(workTree.root, path) ?? path;
    const stat = presentAt(host, path, "follow");
    if (stat?.kind === "directory") return this.#folder(path);
    if (stat?.kind === "file") {
      return {
        kind: "file",
        size: stat.size,
        sha256: () => this.#sha256(path, path, stat),
        source: () => Promise.resolve(fileSource(host.files, path, { name })),
      };
    }
    throw new LaminError("not_found", `there is no file or folder ${name}`, { data: { path } });
  }

  /** What stands at a path where `status` found a change; as there, links are not followed. */
  changed(path: string): Side {
    const kind = presentAt(this.instance.host, path)?.kind;
    if (kind === "symlink") return { kind: "link", size: 0 };
    return kind === "other" ? { kind: "special", size: 0 } : this.side(path);
  }

  #folder(path: string): Side {
    const { host } = this.instance;
    const found = folderFiles(host, path);
    return {
      kind: "folder",
      size: found.reduce((sum, { stat }) => sum + stat.size, 0),
      files: async () => {
        const members = [];
        for (const { path: below, absolute, stat } of found) {
          const sha256 = await this.#sha256(join(path, below), absolute, stat);
          if (sha256 === undefined) throw changing(join(path, below));
          members.push({ path: below, size: stat.size, sha256 });
        }
        return members;
      },
      source: (below) => {
        const file = found.find((one) => one.path === below)!;
        return Promise.resolve(fileSource(host.files, file.absolute, { name: below }));
      },
    };
  }

  async #sha256(path: string, absolute: string, stat: FileStat): Promise<string | undefined> {
    this.#contents ??= new FileContents(this.instance, await this.#indexed());
    const workPath = relativeTo(this.instance.workTree.root, path);
    return (await this.#contents.of(workPath, absolute, stat))?.sha256;
  }

  async #indexed() {
    const index = new WorkIndex(this.instance.host, this.instance.workIndexPath);
    try {
      return await index.load();
    } finally {
      await index.close();
    }
  }
}

function changing(path: string): LaminError {
  return new LaminError("conflict", `${path} changed while it was read`, {
    hint: "wait until nothing writes to it, then run the command again",
    data: { path },
  });
}
