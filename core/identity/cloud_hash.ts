import type { Hashing } from "../../store/host/host.ts";
import type { ContentHash } from "./content_hasher.ts";
import { base64url22, hashString } from "./hash.ts";

/** LaminDB's hash of what lies on a server, and its type (COMPAT §4.1). */
export interface CloudHash {
  readonly hash: string;
  /** `md5`, `md5-N` of N parts, `md5-etag` of a text that is no hash of the bytes, or `sha1`. */
  readonly hashType: string;
}

/** Schemes of object stores whose ETag LaminDB takes for an MD5, of all bytes or of its parts. */
const bucketSchemes: ReadonlySet<string> = new Set(["s3", "gs"]);

/**
 * The hash that LaminDB derives from the ETag of a blob, with quotation marks or without. It is
 * kept for LaminDB: whether the server means an MD5 by it, or encrypts what it stores, cannot be
 * told.
 */
export function hashOfEtag(hashing: Hashing, scheme: string, etag: string): CloudHash {
  const bare = etag.replace(/^["=]+|["=]+$/g, "");
  const [, md5, parts] = /^([0-9a-f]{32})(?:-([0-9]+))?$/i.exec(bare) ?? [];
  if (md5 !== undefined && bucketSchemes.has(scheme)) {
    const hash = base64url22(Uint8Array.fromHex(md5));
    return { hash, hashType: parts === undefined ? "md5" : `md5-${parts}` };
  }
  if (scheme === "hf" && /^[0-9a-f]{40}$/.test(bare)) {
    return { hash: base64url22(Uint8Array.fromHex(bare)), hashType: "sha1" };
  }
  return { hash: hashString(hashing, bare), hashType: "md5-etag" };
}

/**
 * Whether bytes that were read are those of a LaminDB hash; undefined where its type does not tell,
 * or was not made from the bytes. Of large content LaminDB has an MD5 only where a server made it:
 * `md5` is that of all bytes that were read.
 */
export function hasLaminHash(
  { hash, hashType }: { readonly hash: string; readonly hashType: string | null },
  found: ContentHash,
  md5: string | undefined,
): boolean | undefined {
  if (hashType === found.hashType) return hash === found.hash;
  if (hashType === "md5" && md5 !== undefined) return hash === md5;
  if (hashType === "sha256") return hash === base64url22(Uint8Array.fromHex(found.sha256));
  return undefined;
}
