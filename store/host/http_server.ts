import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** A request as a server gets it; its body is read when it is asked for. */
export interface ServerRequest {
  readonly method: string;
  /** The path, without what follows a `?`. */
  readonly path: string;
  header(name: string): string | undefined;
  /** The whole body; undefined when it has more than `max` bytes. */
  body(max: number): Promise<Uint8Array | undefined>;
}

export interface ServerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncGenerator<Uint8Array, void> | Uint8Array;
}

/** How much a server takes from those who ask. */
export interface ServerLimits {
  readonly connectionsMax: number;
  /** Bytes of all headers together. */
  readonly headersMax: number;
  /** How long headers may take to come, and a whole request. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long it may take until a piece of an answer is taken, besides what its bytes take. */
  readonly takeMs: number;
  /** Slowest rate at which answers may be taken, in bytes a second. */
  readonly slowest: number;
}

export const usualLimits: ServerLimits = {
  connectionsMax: 64,
  headersMax: 8192,
  headersMs: 10_000,
  requestMs: 60_000,
  takeMs: 60_000,
  slowest: 1024,
};

export interface HttpServer {
  readonly port: number;
  /** Ends it, with all connections. */
  close(): Promise<void>;
}

/**
 * Serves HTTP/1.1 by the engine's own server. `answer` must not throw. Rejects with the engine's
 * error when the address cannot be listened on.
 */
export async function listenHttp(
  address: { readonly host: string; readonly port: number },
  answer: (request: ServerRequest) => Promise<ServerReply>,
  limits: ServerLimits = usualLimits,
): Promise<HttpServer> {
  const { createServer } = await import("node:http");
  const server = createServer({
    maxHeaderSize: limits.headersMax,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersMs),
    keepAliveTimeout: limits.headersMs,
  }, (incoming, outgoing) => {
    void reply(incoming, outgoing, answer, limits);
  });
  server.maxConnections = limits.connectionsMax;
  server.on("clientError", (_, socket) => socket.destroy());
  await listening(server, address);
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.removeListener("error", reject);
      server.on("error", () => {});
      resolve();
    });
  });
}

async function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: ServerRequest) => Promise<ServerReply>,
  limits: ServerLimits,
): Promise<void> {
  outgoing.on("error", () => {});
  incoming.on("error", () => {});
  const { status, headers, body } = await answer(requestOf(incoming));
  const isRead = incoming.complete;
  // What is left of a body would be taken for the next request.
  const connection: Record<string, string> = isRead ? {} : { connection: "close" };
  outgoing.writeHead(status, { ...headers, ...connection });
  if (body instanceof Uint8Array) {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  try {
    let [sent, waited] = [0, 0];
    for await (const bytes of body) {
      if (outgoing.destroyed) return;
      sent += bytes.length;
      if (outgoing.write(bytes)) continue;
      const start = performance.now();
      const left = limits.takeMs + sent / limits.slowest * 1000 - waited;
      if (!await drained(outgoing, Math.min(limits.takeMs, left))) {
        outgoing.destroy();
        return;
      }
      waited += performance.now() - start;
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function requestOf(incoming: IncomingMessage): ServerRequest {
  return {
    method: incoming.method ?? "",
    path: (incoming.url ?? "").split("?")[0]!,
    header: (name) => {
      const value = incoming.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body: (max) => bodyOf(incoming, max),
  };
}

async function bodyOf(incoming: IncomingMessage, max: number): Promise<Uint8Array | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > max) return undefined;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > max) return undefined;
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Waits until more can be written; false when the other side is gone, or takes nothing. */
function drained(outgoing: ServerResponse, takeMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isOpen: boolean) => {
      clearTimeout(timer);
      outgoing.removeListener("drain", onDrain);
      outgoing.removeListener("close", onClose);
      resolve(isOpen);
    };
    const onDrain = () => done(true);
    const onClose = () => done(false);
    const timer = setTimeout(() => done(false), takeMs);
    outgoing.once("drain", onDrain);
    outgoing.once("close", onClose);
  });
}
