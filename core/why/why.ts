import { LaminError } from "../../store/errors.ts";
import type { FileStat } from "../../store/host/host.ts";
import { basename, relativeTo, resolve } from "../../store/path.ts";
import { isKeptKind } from "../artifact/kept_kind.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import type { Instance } from "../instance/instance.ts";
import { resolveMember } from "../reference/resolve_member.ts";
import { trashBranch } from "../version/branch_ids.ts";
import {
  fileContent,
  filesIn,
  folderContent,
  type FoundContent,
  sizeOf,
  streamContent,
} from "./content_at.ts";
import { artifactsWith, type Match } from "./same_content.ts";
import { type Story, storyOf } from "./story.ts";
import { unknownContent } from "./unknown.ts";

/** What a file is and where it came from. */
export interface Why {
  /** Of the file; undefined when a reference was asked for of which there is no file. */
  readonly content: FoundContent | undefined;
  readonly match: Match;
  /** Other artifacts with the same content. */
  readonly others: readonly Match[];
  readonly story: Story;
}

export interface WhyTools {
  /** Standard input, for `-`. */
  readonly input: AsyncIterable<Uint8Array>;
  readonly progress: (bytes: number) => void;
}

/**
 * Finds the artifact that has the content of a file or folder, wherever that was copied to, and
 * tells where it came from. `asked` is a path, `-` for standard input, or a reference where there
 * is no such file.
 *
 * Throws code "not_found" for content that no artifact has, with what is nearest.
 */
export async function why(instance: Instance, asked: string, tools: WhyTools): Promise<Why> {
  const { host } = instance;
  if (asked === "-") {
    return await byContent(instance, asked, await streamContent(host, tools.input));
  }
  const path = resolve(host.workingDirectory(), asked);
  const stat = host.files.stat(path);
  if (stat === null) return await byReference(instance, asked);
  return await byContent(instance, asked, await contentOf(instance, asked, path, stat, tools));
}

async function byReference(instance: Instance, asked: string): Promise<Why> {
  return await instance.database.read(async (reader) => {
    const { row, member } = await resolveMember(instance, reader, asked);
    const match = { row, member, isSure: true };
    return { content: undefined, match, others: [], story: await storyOf(instance, reader, row) };
  });
}

async function contentOf(
  instance: Instance,
  asked: string,
  path: string,
  stat: FileStat,
  { progress }: WhyTools,
): Promise<FoundContent> {
  if (stat.kind === "file") return await fileContent(instance, path, stat, progress);
  if (stat.kind !== "directory") {
    throw new LaminError("failed", `${asked} is neither a file nor a folder`, {
      data: { path: asked },
    });
  }
  const files = filesIn(instance.host, path);
  // What has another number of files or size need not be read to be told apart.
  const isPossible = files !== undefined &&
    await instance.database.read(async (reader) =>
      await reader.first(
        "SELECT 1 AS found FROM lamindb_artifact WHERE n_files = ? AND size = ? LIMIT 1",
        [files.length, sizeOf(files)],
      ) !== undefined
    );
  if (!isPossible) throw await unknownContent(instance, asked, "unread folder");
  return await folderContent(instance, files, progress);
}

async function byContent(
  instance: Instance,
  asked: string,
  content: FoundContent,
): Promise<Why> {
  const matches = await artifactsWith(instance, content);
  if (matches.length === 0) throw await unknownContent(instance, asked, content);
  const [match, ...others] = inOrder(instance, asked, matches);
  const story = await instance.database.read((reader) => storyOf(instance, reader, match!.row));
  return {
    content,
    match: match!,
    // That a command also printed it says nothing more.
    others: isKeptKind(match!.row.kind)
      ? others
      : others.filter(({ row }) => !isKeptKind(row.kind)),
    story,
  };
}

/**
 * The likeliest first: the one with the path as key, then of the same name, in use, an artifact of
 * its own, the latest, the newest; and before all of these, data rather than what is kept of a run:
 * its log may be all that a command wrote into a file.
 */
function inOrder(instance: Instance, asked: string, matches: readonly Match[]): Match[] {
  const path = resolve(instance.host.workingDirectory(), asked);
  const key = relativeTo(instance.workTree.root, path);
  const rank = ({ row, member, isSure }: Match): number[] => [
    Number(isSure),
    Number(!isKeptKind(row.kind)),
    Number(row.branch_id !== trashBranch),
    Number(pathOf(row, member) === key),
    Number(basename(pathOf(row, member) ?? "") === basename(asked)),
    Number(member === undefined),
    Number(row.is_latest),
    row.id,
  ];
  return matches.map((match) => ({ match, rank: rank(match) }))
    .sort((a, b) => {
      const index = a.rank.findIndex((value, position) => value !== b.rank[position]);
      return index < 0 ? 0 : b.rank[index]! - a.rank[index]!;
    }).map(({ match }) => match);
}

function pathOf({ key }: ArtifactRow, member: string | undefined): string | undefined {
  if (key === null) return member;
  return member === undefined ? key : `${key}/${member}`;
}
