/** What goes wrong with one request on its way to a server and back. */
export type WireFault =
  /** The answer ends after this many bytes of its body, as if it were complete. */
  | { readonly cutAfter: number }
  /** The connection ends before the server hears anything. */
  | { readonly loses: "request" }
  /** The server does it and the answer is lost. */
  | { readonly loses: "answer" }
  /** Nothing comes, until the client gives up. */
  | { readonly hangs: true }
  /** One bit of what is sent or answered is another. */
  | { readonly flips: "request" | "answer" }
  /** The server hears it twice; the second answer counts. */
  | { readonly repeats: true }
  /** Another answer, of which the server knows nothing. */
  | { readonly answers: string };

export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly head: string;
}

/** Decides about each request; `number` counts from 1. */
export type WirePlan = (request: WireRequest, number: number) => WireFault | undefined;

/** A proxy between a client and a server on this machine that lies as it is told. */
export class LyingProxy {
  readonly endpoint: string;
  /** What was asked, in order. */
  readonly requests: WireRequest[] = [];
  plan: WirePlan = () => undefined;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #served: Promise<void>;

  /** `upstream` is the server's address; without one all answers have to be planned. */
  constructor(private readonly upstream?: string) {
    this.endpoint = `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
    this.#served = this.#serve();
  }

  async end(): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#served;
  }

  async #serve(): Promise<void> {
    const work: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) work.push(this.#handle(connection));
    } catch {
      // It was closed.
    }
    await Promise.all(work);
  }

  async #handle(connection: Deno.Conn): Promise<void> {
    this.#open.add(connection);
    try {
      await this.#answer(connection);
    } catch {
      // The client left.
    } finally {
      close(connection);
      this.#open.delete(connection);
    }
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    const request = await readMessage(connection);
    if (request === undefined) return;
    const [method = "", target = ""] = request.head.split(" ");
    const asked = { method, target, head: request.head };
    const fault = this.plan(asked, this.requests.push(asked));
    if (fault === undefined) return await writeAll(connection, await this.#ask(request));
    if ("answers" in fault) return await writeAll(connection, encode(fault.answers));
    if ("loses" in fault && fault.loses === "request") return;
    if ("hangs" in fault) return void await connection.read(new Uint8Array(1)).catch(() => {});
    if ("flips" in fault && fault.flips === "request") flipLast(request.body);
    if ("repeats" in fault) await this.#ask(request);
    const answer = await this.#ask(request);
    if ("loses" in fault) return;
    if ("flips" in fault && fault.flips === "answer") flipLast(answer);
    const body = headLength(answer);
    await writeAll(
      connection,
      "cutAfter" in fault ? answer.subarray(0, body + fault.cutAfter) : answer,
    );
  }

  /** Sends the request on; the answer ends with the connection. */
  async #ask({ head, body }: Message): Promise<Uint8Array> {
    const { hostname, port } = new URL(this.upstream!);
    const server = await Deno.connect({ hostname, port: Number(port) });
    try {
      const single = head.replace(/\r\nconnection:[^\r]*/i, "").replace(
        /\r\n\r\n$/,
        "\r\nconnection: close\r\n\r\n",
      );
      await writeAll(server, encode(single));
      // A server may answer before it has read everything.
      await writeAll(server, body).catch(() => {});
      return await readAll(server);
    } finally {
      close(server);
    }
  }
}

/** A whole answer as text. */
export function answerOf(
  status: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): string {
  const all = { ...headers, "content-length": String(encode(body).length), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${body}`;
}

interface Message {
  readonly head: string;
  readonly body: Uint8Array;
}

async function readMessage(connection: Deno.Conn): Promise<Message | undefined> {
  const received = new Received();
  for (;;) {
    const end = headLength(received.bytes);
    if (end > 0) {
      const head = new TextDecoder().decode(received.bytes.subarray(0, end));
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      while (received.bytes.length < end + length) {
        if (!await received.readFrom(connection)) return undefined;
      }
      return { head, body: received.bytes.subarray(end, end + length) };
    }
    if (!await received.readFrom(connection)) return undefined;
  }
}

async function readAll(connection: Deno.Conn): Promise<Uint8Array> {
  const received = new Received();
  while (await received.readFrom(connection));
  return received.bytes;
}

/** Bytes that came, in room that doubles. */
class Received {
  #room = new Uint8Array(1 << 16);
  #size = 0;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#size);
  }

  /** False at the end. */
  async readFrom(connection: Deno.Conn): Promise<boolean> {
    if (this.#size === this.#room.length) {
      const larger = new Uint8Array(2 * this.#room.length);
      larger.set(this.#room);
      this.#room = larger;
    }
    const count = await connection.read(this.#room.subarray(this.#size));
    this.#size += count ?? 0;
    return count !== null;
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}

/** Bytes up to the end of the empty line; 0 while it has not come. */
function headLength(bytes: Uint8Array): number {
  for (let at = 3; at < bytes.length; at++) {
    const isEnd = bytes[at] === 10 && bytes[at - 1] === 13 && bytes[at - 2] === 10;
    if (isEnd && bytes[at - 3] === 13) return at + 1;
  }
  return 0;
}

function flipLast(bytes: Uint8Array): void {
  if (bytes.length > 0) bytes[bytes.length - 1]! ^= 1;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
