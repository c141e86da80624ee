import type { Host } from "../../host/host.ts";
import { HttpBlobs } from "./http_blobs.ts";
import { HttpClient } from "./http_client.ts";
import { parseHttpRoot } from "./http_location.ts";
import { huggingFace } from "./hugging_face.ts";
import type { Patience } from "./retry.ts";

/** The blobs of a root `http(s)://…` or `hf://…`, for reading. Throws code "usage". */
export function openHttp(
  host: Pick<Host, "environment">,
  root: string,
  patience?: Patience,
): HttpBlobs {
  const client = new HttpClient(patience);
  if (!root.startsWith("hf://")) return new HttpBlobs(client, parseHttpRoot(root));
  const { location, listing } = huggingFace(host, client, root);
  return new HttpBlobs(client, location, listing);
}
