import { LaminError } from "../../errors.ts";
import { encodeKey } from "../remote/encode_key.ts";

/** A storage root in a bucket, taken apart. */
export interface S3Location {
  readonly root: string;
  readonly bucket: string;
  /** Put before each name to make a key: empty, or with `/` at its end. */
  readonly prefix: string;
  /** The server's address without a path; undefined for the one of AWS in the bucket's region. */
  readonly endpoint: URL | undefined;
  readonly region: string | undefined;
  /** True for Google Cloud Storage, whose S3-compatible interface knows less. */
  readonly isGoogle: boolean;
}

const google = "https://storage.googleapis.com";

/** What may stand in a bucket's name; old ones have capitals, `_` and more than 63 characters. */
const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;

/**
 * Reads a root such as `s3://bucket/folder?endpoint_url=http://127.0.0.1:9000`, as LaminDB writes
 * it (COMPAT §1.3), or `gs://bucket/folder`. `region` may be named in the same way. Throws code
 * "usage".
 */
export function parseS3Root(root: string): S3Location {
  const [, scheme, place, query = ""] = /^(s3|gs):\/\/([^?]*)(?:\?(.*))?$/s.exec(root) ?? [];
  const [bucket = "", ...folders] = (place ?? "").replace(/\/+$/, "").split("/");
  const isBad = !bucketPattern.test(bucket) || bucket.includes("..") ||
    folders.some((part) => part === "" || part === "." || part === ".." || part.includes("\0"));
  if (scheme === undefined || isBad) {
    throw new LaminError("usage", `${JSON.stringify(root)} does not name a bucket`, {
      hint: "write s3://bucket, s3://bucket/folder or gs://bucket/folder",
      data: { root },
    });
  }
  const words = new URLSearchParams(query);
  const named = words.get("endpoint_url") ?? (scheme === "gs" ? google : undefined);
  return {
    root,
    bucket,
    prefix: folders.length === 0 ? "" : `${folders.join("/")}/`,
    endpoint: named === undefined ? undefined : parseEndpoint(named),
    region: words.get("region") ?? undefined,
    isGoogle: scheme === "gs",
  };
}

/** The address of a server: http or https, a host, and nothing behind it. Throws code "usage". */
export function parseEndpoint(text: string): URL {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "" && url.search === "" && url.hash === "";
  if (isPlain && url.pathname === "/") return url;
  throw new LaminError("usage", "the endpoint_url is not the address of a server", {
    hint: "write it as https://host or http://host:port",
  });
}

/**
 * The address of an object, or of the bucket where `key` is undefined. AWS has the bucket in the
 * host's name, unless that would break the certificate; other servers in the path, which all
 * understand.
 */
export function urlOf(location: S3Location, region: string, key?: string): URL {
  const { bucket, endpoint } = location;
  const path = key === undefined ? "" : encodeKey(key);
  if (endpoint !== undefined) return new URL(`${endpoint.origin}/${bucket}/${path}`);
  const host = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  const isHostName = /^[a-z0-9-]+$/.test(bucket) && bucket.length <= 63;
  return new URL(
    isHostName ? `https://${bucket}.${host}/${path}` : `https://${host}/${bucket}/${path}`,
  );
}
