import { PackedPaths } from "../core/artifact/add/path_list.ts";

/** The entries of a list that another program prints, without empty ones. */
export async function readList(
  input: AsyncIterable<Uint8Array>,
  separator: "\n" | "\0",
): Promise<PackedPaths> {
  const decoder = new TextDecoder();
  const entries = new PackedPaths(separator);
  let rest = "";
  for await (const bytes of input) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split(separator);
    rest = parts.pop()!;
    for (const part of parts) if (part !== "") entries.push(withoutReturn(part, separator));
  }
  rest += decoder.decode();
  if (rest !== "") entries.push(withoutReturn(rest, separator));
  return entries;
}

function withoutReturn(entry: string, separator: string): string {
  return separator === "\n" && entry.endsWith("\r") ? entry.slice(0, -1) : entry;
}
