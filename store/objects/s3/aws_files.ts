/** Sections of a file of AWS's tools, each with its settings. */
export type AwsSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads `~/.aws/credentials` or `~/.aws/config`: sections `[name]`, or `[profile name]` in the
 * latter, with lines `key = value`. Settings of settings (indented lines) are left out.
 */
export function parseAwsFile(text: string): AwsSections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const title = /^\[\s*(?:profile\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1];
    if (title !== undefined) {
      section = sections.get(title) ?? new Map();
      sections.set(title, section);
      continue;
    }
    const [, key, value] = /^([^\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) section?.set(key.toLowerCase(), value!.replace(/\s+[#;].*$/, ""));
  }
  return sections;
}
