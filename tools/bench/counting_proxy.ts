/** Stands before a server on this machine, passes all bytes on, and counts them. */
export interface CountingProxy {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** Bytes from the server until now, with the heads of its answers. */
  readonly received: () => number;
  /** Bytes to the server until now, with the heads of what it is asked. */
  readonly sent: () => number;
  /** The connections that are open, each of which ends when nothing more is on its way. */
  readonly connections: () => readonly Promise<void>[];
  readonly stop: () => void;
}

/**
 * Starts one before the server at an address such as `http://127.0.0.1:7070`; `onSent` is called
 * whenever something was sent.
 */
export function countingProxy(endpoint: string, onSent: () => void = () => {}): CountingProxy {
  const { hostname, port } = new URL(endpoint);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let [received, sent] = [0, 0];
  const connections = new Set<Promise<void>>();
  const serve = async (client: Deno.Conn) => {
    const server = await Deno.connect({ hostname, port: Number(port) });
    const there = counting((bytes) => {
      sent += bytes;
      onSent();
    });
    const back = counting((bytes) => void (received += bytes));
    // Whoever hangs up ends both directions.
    await Promise.allSettled([
      client.readable.pipeThrough(there).pipeTo(server.writable),
      server.readable.pipeThrough(back).pipeTo(client.writable),
    ]);
  };
  const accept = async () => {
    for await (const client of listener) {
      const served = serve(client).finally(() => connections.delete(served));
      connections.add(served);
    }
  };
  void accept();
  return {
    endpoint: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    received: () => received,
    sent: () => sent,
    connections: () => [...connections],
    stop: () => listener.close(),
  };
}

function counting(count: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(piece, controller) {
      count(piece.length);
      controller.enqueue(piece);
    },
  });
}
