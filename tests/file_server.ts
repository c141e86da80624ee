/** How a server of files differs from a good one. */
export interface FileServerManners {
  /** True when it gives whole files only. */
  readonly hasNoRanges?: boolean;
  /** True when it refuses HEAD. */
  readonly hasNoHead?: boolean;
  /** True when its ETags are weak. */
  readonly isWeak?: boolean;
}

export interface FileServer {
  readonly endpoint: string;
  readonly requests: Request[];
  end(): Promise<void>;
}

/** Serves the files of a folder over http on this machine, with ETags, ranges and If-Range. */
export function serveFiles(folder: string, manners: FileServerManners = {}): FileServer {
  const requests: Request[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    requests.push(request);
    return answer(folder, request, manners);
  });
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    requests,
    end: () => server.shutdown(),
  };
}

function answer(folder: string, request: Request, manners: FileServerManners): Response {
  const path = folder + decodeURIComponent(new URL(request.url).pathname);
  const isHead = request.method === "HEAD";
  if (isHead && manners.hasNoHead) return new Response(null, { status: 405 });
  let bytes: Uint8Array<ArrayBuffer>;
  let etag: string;
  try {
    const info = Deno.statSync(path);
    if (!info.isFile) return new Response(null, { status: 404 });
    bytes = Deno.readFileSync(path);
    etag = `${manners.isWeak ? "W/" : ""}"${info.ino}-${info.mtime!.getTime()}"`;
  } catch {
    return new Response(null, { status: 404 });
  }
  const headers: Record<string, string> = { etag, "content-type": "application/octet-stream" };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const condition = request.headers.get("if-range");
  const isWhole = range === null || manners.hasNoRanges ||
    (condition !== null && condition !== etag);
  if (isWhole) {
    headers["content-length"] = String(bytes.length);
    return new Response(isHead ? null : bytes, { headers });
  }
  const from = Number(range[1]);
  if (from >= bytes.length) {
    return new Response(null, {
      status: 416,
      headers: { "content-range": `bytes */${bytes.length}` },
    });
  }
  const to = range[2] === "" ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1);
  headers["content-range"] = `bytes ${from}-${to - 1}/${bytes.length}`;
  headers["content-length"] = String(to - from);
  return new Response(bytes.slice(from, to), { status: 206, headers });
}
