import type { Context } from "./context.ts";

/** Asks on the terminal; anything but `y` or `yes` is no, as is the end of the input. */
export async function confirm(context: Context, question: string): Promise<boolean> {
  const { terminal } = context.host;
  terminal.writeError(new TextEncoder().encode(`${question} [y/N] `));
  const decoder = new TextDecoder();
  let line = "";
  for await (const bytes of terminal.input()) {
    line += decoder.decode(bytes, { stream: true });
    if (line.includes("\n")) break;
  }
  return /^\s*y(es)?\s*$/i.test(line.split("\n")[0]!);
}
