/** Stands before a server on this machine, passes all bytes on, and counts what comes back. */
export interface CountingProxy {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** Bytes from the server until now, with the heads of its answers. */
  readonly received: () => number;
  readonly stop: () => void;
}

/** Starts one before the server at an address such as `http://127.0.0.1:7070`. */
export function countingProxy(endpoint: string): CountingProxy {
  const { hostname, port } = new URL(endpoint);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let received = 0;
  const serve = async (client: Deno.Conn) => {
    const server = await Deno.connect({ hostname, port: Number(port) });
    const back = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        received += piece.length;
        controller.enqueue(piece);
      },
    });
    // Whoever hangs up ends both directions.
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeThrough(back).pipeTo(client.writable),
    ]);
  };
  const accept = async () => {
    for await (const client of listener) void serve(client);
  };
  void accept();
  return {
    endpoint: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    received: () => received,
    stop: () => listener.close(),
  };
}
