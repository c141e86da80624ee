import type { Workspace } from "../lamin.ts";

/** What Snakemake notes of an output, as far as the tests say something else than usual. */
export interface RecordWanted {
  readonly rule?: unknown;
  readonly input?: unknown;
  readonly log?: unknown;
  readonly shellcmd?: unknown;
  readonly params?: unknown;
  readonly code?: unknown;
  readonly job_hash?: unknown;
  readonly starttime?: unknown;
  readonly endtime?: unknown;
  readonly incomplete?: unknown;
  readonly input_checksums?: unknown;
}

/** When the tasks of the tests ended, in seconds since 1970. */
export const endTime = 1_780_000_000;

/** Writes a record as Snakemake 9 does, in the folder `at` of the work tree. */
export function noteOutput(
  { write }: Pick<Workspace, "write">,
  at: string,
  output: string,
  wanted: RecordWanted = {},
): void {
  const record = {
    rule: "count",
    input: [],
    log: [],
    shellcmd: null,
    params: [],
    code: "wc -l {input} > {output}",
    record_format_version: 6,
    conda_env: null,
    container_img_url: null,
    job_hash: 1,
    starttime: endTime - 60,
    endtime: endTime,
    incomplete: false,
    external_jobid: null,
    input_checksums: {},
    ...wanted,
  };
  write(`${at}/.snakemake/metadata/${fileName(output)}`, JSON.stringify(record));
}

/** The name of a record, cut into folders as Snakemake does where names are 255 bytes long. */
function fileName(output: string): string {
  const name = new TextEncoder().encode(output).toBase64({ alphabet: "base64url" });
  const parts = name.match(/.{1,254}/g)!;
  return [...parts.slice(0, -1).map((part) => `@${part}`), parts.at(-1)!].join("/");
}

/** Writes a file that was last changed at a time, in seconds since 1970. */
export function writeAt(
  { write, path }: Pick<Workspace, "write" | "path">,
  file: string,
  content: string,
  seconds: number = endTime,
): void {
  write(file, content);
  Deno.utimeSync(path(file), seconds, seconds);
}

export async function sha256Of(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
