/** What real Python answered; made by tests/fixtures/scripts/make_python_corpus.py. */
export interface PythonCorpus {
  readonly json: ReadonlyArray<{
    readonly text: string;
    readonly dumps: string;
    readonly sorted: string;
    readonly unicode: string;
    readonly str: string;
    readonly repr: string;
    readonly hash: string | null;
  }>;
  readonly not_json: readonly string[];
  /** The eight bytes of the float, big-endian, and its repr. */
  readonly floats: ReadonlyArray<readonly [string, string]>;
  readonly order: readonly string[];
  readonly suffixes: ReadonlyArray<
    readonly [
      name: string,
      canonical: string,
      raw: string,
      suffix: string,
      suffixes: readonly string[],
    ]
  >;
  readonly formats: Readonly<Record<"simple" | "composite" | "encoding", readonly string[]>>;
  readonly object_types: ReadonlyArray<{
    readonly path: string;
    readonly files: Readonly<Record<string, string>> | null;
    readonly otype: string | null;
  }>;
  readonly base62: ReadonlyArray<readonly [hex: string, text: string]>;
  readonly next_suffix: ReadonlyArray<readonly [suffix: string, next: string]>;
  readonly hash_string: ReadonlyArray<readonly [text: string, hash: string]>;
  readonly hash_set: ReadonlyArray<readonly [members: readonly string[], hash: string]>;
  readonly hash_folder: ReadonlyArray<
    { readonly contents: readonly string[]; readonly hash: string; readonly hash_type: string }
  >;
  readonly instances: ReadonlyArray<readonly [slug: string, id: string, uid: string]>;
  readonly derived: ReadonlyArray<readonly [text: string, term: string, source: string]>;
  readonly keys: ReadonlyArray<readonly [key: string, accepted: boolean]>;
}

const fixtures = new URL("../fixtures/", import.meta.url);

export const pythonCorpus = JSON.parse(
  Deno.readTextFileSync(new URL("python_corpus.json", fixtures)),
) as PythonCorpus;

export interface FileFacts {
  readonly size: number;
  readonly hash: string;
  readonly hash_type: string;
  readonly n_files: number | null;
  readonly suffix: string;
  readonly otype: string | null;
  readonly sha256: string;
}

/** What real LaminDB says of the files in tests/fixtures/files; see make_files_manifest.py. */
export const fileFacts = JSON.parse(
  Deno.readTextFileSync(new URL("files/manifest.json", fixtures)),
) as {
  readonly files: Readonly<Record<string, FileFacts>>;
  readonly big_files: ReadonlyArray<
    Pick<FileFacts, "size" | "hash" | "hash_type" | "sha256"> & { readonly seed: string }
  >;
};

/** Absolute path of a file in tests/fixtures/files. */
export function fixturePath(relativePath: string): string {
  const encoded = relativePath.split("/").map(encodeURIComponent).join("/");
  return decodeURIComponent(new URL(`files/${encoded}`, fixtures).pathname);
}
