import { LaminError } from "../../errors.ts";
import type { S3Client } from "./s3_client.ts";
import { type ListedPage, parseListing } from "./s3_list_page.ts";

/** An object as it is listed or looked at. */
export interface S3Object {
  readonly key: string;
  readonly size: number;
  /** With its quotation marks, as it is compared; not the MD5 of anything. */
  readonly etag: string;
  readonly modified: Date;
}

/** Up to 1000 keys, in the order of their bytes on most servers. */
export interface S3Page {
  readonly objects: readonly S3Object[];
  /** What keys have in common up to the delimiter. */
  readonly prefixes: readonly string[];
}

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter?: string;
  /** Begins behind this key. */
  readonly startAfter?: string;
  readonly pageSize?: number;
}

/** Lists objects page by page (ListObjectsV2). Throws code "failed" for pages that lead nowhere. */
export async function* listPages(client: S3Client, options: ListOptions): AsyncGenerator<S3Page> {
  const { prefix, delimiter, startAfter, pageSize } = options;
  let token: string | undefined;
  do {
    const answer = await client.call({
      what: `list s3://${client.location.bucket}/${prefix}`,
      permission: "s3:ListBucket",
      key: undefined,
      method: "GET",
      query: {
        "list-type": "2",
        // XML cannot hold every key.
        "encoding-type": "url",
        prefix,
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(startAfter === undefined ? {} : { "start-after": startAfter }),
        ...(pageSize === undefined ? {} : { "max-keys": String(pageSize) }),
        ...(token === undefined ? {} : { "continuation-token": token }),
      },
      expects: [200],
    });
    const page = parseListing(answer.body);
    const { xml } = page;
    yield pageOf(page, prefix);
    const next = xml.text("NextContinuationToken");
    const isOver = xml.text("IsTruncated") !== "true";
    if (!isOver && (next === "" || next === token)) {
      throw new LaminError("failed", "the server lists the same objects over and over", {
        data: { bucket: client.location.bucket, prefix },
      });
    }
    token = isOver ? undefined : next;
  } while (token !== undefined);
}

function pageOf({ xml, contents }: ListedPage, prefix: string): S3Page {
  const decode = xml.text("EncodingType") === "url" ? decoded : (text: string) => text;
  const isBelow = (key: string | undefined): key is string => !!key?.startsWith(prefix);
  const objects = contents.flatMap((item) => {
    const key = decode(item.text("Key"));
    const size = Number(item.text("Size"));
    const isWhole = isBelow(key) && Number.isSafeInteger(size) && size >= 0;
    const modified = new Date(item.text("LastModified"));
    return isWhole ? [{ key, size, etag: item.text("ETag"), modified }] : [];
  });
  const prefixes = xml.all("CommonPrefixes").map((item) => decode(item.text("Prefix")));
  return { objects, prefixes: prefixes.filter(isBelow) };
}

/** Undefined for keys that are no UTF-8: they have no name here. */
function decoded(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
