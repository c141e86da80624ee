import { LaminError } from "../../errors.ts";
import { encodeKey } from "../remote/encode_key.ts";

/** A place from which blobs are fetched by http. */
export interface HttpLocation {
  readonly root: string;
  /** The address of a name. */
  urlOf(name: string): URL;
  /** Headers for the named server alone. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a root `https://host/folder`; a query goes along with all names. Throws code "usage". */
export function parseHttpRoot(root: string): HttpLocation {
  const url = URL.parse(root);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hash !== "") {
    throw new LaminError("usage", "the storage is no address of data", {
      hint: "write https://host/folder",
    });
  }
  const { username, password } = url;
  url.username = url.password = "";
  const folder = url.pathname.replace(/\/*$/, "/");
  return {
    // Without the query, which may be a signature.
    root: `${url.origin}${url.pathname}`,
    urlOf: (name) => new URL(`${url.origin}${folder}${encodeKey(name)}${url.search}`),
    headers: username === "" && password === "" ? {} : { authorization: basic(username, password) },
  };
}

function basic(username: string, password: string): string {
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${new TextEncoder().encode(words).toBase64()}`;
}
