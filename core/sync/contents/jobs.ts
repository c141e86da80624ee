import type { StagedBlob } from "../../../store/objects/blob_store.ts";
import { carryFile, type CarryTools } from "./carry_file.ts";
import { carryUnhashed } from "./carry_unhashed.ts";
import type { PlannedContent } from "./plan.ts";
import type { ContentSource, SourceContent } from "./source.ts";
import type { StoredContent } from "./stored.ts";
import type { WantedFile } from "./target_files.ts";

/** A piece of carrying that is done or not: a file, or all of a content that nobody hashed yet. */
export interface CarryJob {
  readonly content: SourceContent;
  readonly files: number;
  readonly bytes: number;
  /** Whether the system can copy it from a local path: nothing is won by doing many at once. */
  readonly isLocal: boolean;
  /** A file of a folder, which the target may have in another one. */
  readonly member?: WantedFile;
  /** Stages it; gives what is staged by the names that it is to get. */
  readonly stage: (tools: CarryTools) => Promise<ReadonlyMap<string, StagedBlob>>;
}

/** The files of a content that the target lacks. */
export function fileJobs(
  planned: PlannedContent,
  content: SourceContent,
  source: ContentSource,
): CarryJob[] {
  if (planned.files === 0) return [];
  const missing = content.files.filter(({ path }) => !planned.present?.has(path));
  return missing.map((file): CarryJob => {
    const { path, size, sha256 } = file;
    const name = content.isFolder ? `${planned.object}/${path}` : planned.object!;
    const local = source.locate(content.uid, path);
    return {
      content,
      files: 1,
      bytes: size!,
      isLocal: local !== undefined,
      ...(content.isFolder ? { member: { name, size: size!, sha256: sha256! } } : {}),
      stage: async (tools) => {
        const { staged } = await carryFile(tools, content, file, local);
        return new Map([[name, staged]]);
      },
    };
  });
}

/** All of a content whose object gets its name only when it was read. */
export function unhashedJob(
  content: SourceContent,
  source: ContentSource,
  found: (stored: StoredContent) => void,
): CarryJob {
  return {
    content,
    files: content.files.length,
    bytes: content.size ?? 0,
    isLocal: source.locate(content.uid, content.files[0]!.path) !== undefined,
    stage: async (tools) => {
      const { stored, staged } = await carryUnhashed(tools, content);
      found(stored);
      return staged;
    },
  };
}
