import { LaminError } from "../../store/errors.ts";
import { contentFiles, verifiedBytes } from "../artifact/open_content.ts";
import type { ArtifactRow } from "../artifact/storage_key.ts";
import { type DescribeScope, rowById } from "./scope.ts";
import { textBlock, withoutAnsi } from "./text_block.ts";
import { span, textTree, type Tree } from "./tree.ts";

/** How many lines of a file are shown. */
const maxLines = 4;
/** Longer files are not read for a few lines of them. */
const maxBytes = 16 * 1024 * 1024;

/**
 * The beginning of a run's log or environment. What cannot be read is said in its place: the rest
 * of the description is worth having without it.
 */
export async function runFile(
  scope: DescribeScope,
  artifactId: number | null,
  title: string,
): Promise<Tree[]> {
  const row = await rowById(scope, "lamindb_artifact", artifactId) as ArtifactRow | undefined;
  if (row === undefined) return [];
  const uid = row.uid.slice(0, 7);
  try {
    const text = withoutAnsi((await readText(scope, row)).trim());
    return text === "" ? [] : [textBlock(text, title, { maxLines, uid })];
  } catch (error) {
    if (!(error instanceof LaminError)) throw error;
    return [
      textTree([[span(`${title}: `, "block"), span(uid), span(` (${error.message})`, "dim")]]),
    ];
  }
}

async function readText({ instance }: DescribeScope, row: ArtifactRow): Promise<string> {
  if (row.size !== null && row.size > maxBytes) {
    throw new LaminError("failed", "it is too long to show: 'lamin cat' prints it");
  }
  const files = await contentFiles(instance, row);
  // Of an environment in several files the first one says something, too.
  const file = files.find(({ path }) => path === "" || path === "index.html") ?? files[0];
  if (file === undefined) throw new LaminError("failed", "there are no files in it");
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of verifiedBytes(instance, row, file)) {
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
