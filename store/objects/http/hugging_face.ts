import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { checkedName } from "../blob_name.ts";
import type { BlobEntry, FolderEntry } from "../blob_store.ts";
import { encodeKey } from "../remote/encode_key.ts";
import { follow } from "./follow.ts";
import type { HttpListing } from "./http_blobs.ts";
import type { HttpClient } from "./http_client.ts";
import type { HttpLocation } from "./http_location.ts";

/** A repository on the hub, at a revision, and a folder in it. */
interface Repository {
  readonly root: string;
  readonly kind: "models" | "datasets" | "spaces";
  readonly id: string;
  readonly revision: string;
  readonly prefix: string;
}

/**
 * Reads a root as Python's `HfFileSystem` writes it:
 * `hf://[datasets/|spaces/]owner/name[@revision][/folder]`. Throws code "usage".
 */
function parseRoot(root: string): Repository {
  const pattern =
    /^hf:\/\/(?:(models|datasets|spaces)\/)?([\w.-]+\/[\w.-]+)(?:@([^/?#]+))?(?:\/([^?#]*?))?\/*$/;
  const [, kind = "models", id, revision = "main", folder = ""] = pattern.exec(root) ?? [];
  const isKind = /^(models|datasets|spaces)\//.test(id ?? "");
  if (
    id === undefined || isKind || folder.split("/").some((part) => part === "." || part === "..")
  ) {
    throw new LaminError("usage", `${JSON.stringify(root)} names no repository`, {
      hint: "write hf://owner/name or hf://datasets/owner/name",
      data: { root },
    });
  }
  return {
    root,
    kind: kind as Repository["kind"],
    id,
    revision: decodeURIComponent(revision),
    prefix: folder === "" ? "" : `${folder}/`,
  };
}

/**
 * Where a repository's files are fetched and listed: `HF_ENDPOINT` names another hub, `HF_TOKEN` is
 * sent to the hub alone.
 */
export function huggingFace(
  host: Pick<Host, "environment">,
  client: HttpClient,
  root: string,
): { location: HttpLocation; listing: HttpListing } {
  const repository = parseRoot(root);
  const hub = new URL(host.environment("HF_ENDPOINT") ?? "https://huggingface.co");
  const { kind, id, prefix } = repository;
  const revision = encodeURIComponent(repository.revision);
  const token = host.environment("HF_TOKEN");
  const headers: Record<string, string> = token === undefined
    ? {}
    : { authorization: `Bearer ${token}` };
  const place = kind === "models" ? id : `${kind}/${id}`;
  return {
    location: {
      root,
      headers,
      urlOf: (name) =>
        new URL(`${hub.origin}/${place}/resolve/${revision}/${encodeKey(prefix + name)}`),
    },
    listing: new Tree(client, `${hub.origin}/api/${kind}/${id}/tree/${revision}/`, prefix, headers),
  };
}

/** The hub's list of a repository (its API `tree`), page by page. */
class Tree implements HttpListing {
  constructor(
    private readonly client: HttpClient,
    private readonly address: string,
    private readonly prefix: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  async *list(folder: string): AsyncIterable<BlobEntry> {
    for await (const { type, path, size, oid } of this.#items(folder, true)) {
      if (type !== "file") continue;
      yield { name: path, size, writtenAt: new Date(0), etag: `"${oid}"` };
    }
  }

  async entries(folder: string): Promise<readonly FolderEntry[]> {
    const found: FolderEntry[] = [];
    for await (const { type, path } of this.#items(folder, false)) {
      found.push({ name: path, kind: type === "file" ? "blob" : "folder" });
    }
    return found;
  }

  async *#items(folder: string, isDeep: boolean): AsyncGenerator<TreeItem> {
    const start = this.prefix + checkedName(folder, "linux");
    let next: URL | undefined = new URL(
      `${this.address}${encodeKey(start)}?recursive=${isDeep}&expand=false`,
    );
    while (next !== undefined) {
      const url: URL = next;
      const answer = await follow(this.client, `list ${folder}`, {
        method: "GET",
        url,
        headers: this.headers,
      });
      const body = await answer.bytes(1 << 26);
      if (answer.status === 404) return;
      if (answer.status !== 200) throw notListed(folder, answer.status);
      for (const item of itemsOf(body, folder)) {
        // Names below the storage only, whatever is told.
        if (item.path.startsWith(`${start}/`)) {
          yield { ...item, path: item.path.slice(this.prefix.length) };
        }
      }
      next = nextPage(answer.headers.get("link"), url);
    }
  }
}

interface TreeItem {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  readonly oid: string;
}

function itemsOf(body: Uint8Array, folder: string): TreeItem[] {
  try {
    const items: unknown = JSON.parse(new TextDecoder().decode(body));
    if (Array.isArray(items)) return items.filter(isItem);
  } catch {
    // Told below.
  }
  throw notListed(folder, 200);
}

function isItem(item: unknown): item is TreeItem {
  const { type, path, size, oid } = (item ?? {}) as Record<string, unknown>;
  return typeof type === "string" && typeof path === "string" && typeof oid === "string" &&
    (type !== "file" || Number.isSafeInteger(size));
}

/** The address in `Link: <…>; rel="next"`, on the same server only. */
function nextPage(link: string | null, here: URL): URL | undefined {
  const target = /<([^>]+)>\s*;\s*rel="next"/.exec(link ?? "")?.[1];
  const next = target === undefined ? null : URL.parse(target, here);
  return next?.origin === here.origin && next.href !== here.href ? next : undefined;
}

function notListed(folder: string, status: number): LaminError {
  return new LaminError("failed", `could not list ${folder}: the server says status ${status}`, {
    hint: "check the repository's name, and HF_TOKEN where it is private",
    data: { folder, status },
  });
}
