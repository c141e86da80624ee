import { LaminError } from "../../../../store/errors.ts";
import type { HttpAnswer } from "../../../../store/objects/http/http_answer.ts";
import { HttpClient } from "../../../../store/objects/http/http_client.ts";
import { networkFailure } from "../../../../store/objects/http/http_failure.ts";
import { Answer, type Channel, type FrameSource, type Serve, Turns } from "../channel.ts";
import { type Patience, usualPatience } from "../deadline.ts";
import { cutOff, type Frame, FrameReader, notSpoken } from "../frame.ts";
import { decodeJson, encodeJson, isObject, type JsonObject, textIn } from "../json.ts";
import { sentFrames } from "../service/sent_frames.ts";
import { toldError } from "../wire_error.ts";
import { piecesOf } from "./pieces.ts";

/** Where a server is, and what it is told so that it answers. */
export interface HttpPlace {
  /** Without a `/` at its end. */
  readonly url: string;
  /** Sent to this server alone. */
  readonly token: string | undefined;
}

/** Asks a server by HTTP; what it asks back is sent with further requests. */
export class HttpChannel implements Channel {
  readonly #turns = new Turns();
  readonly #client: HttpClient;

  constructor(
    private readonly place: HttpPlace,
    private readonly patience: Patience = usualPatience,
    client?: HttpClient,
  ) {
    this.#client = client ?? new HttpClient();
  }

  async call(op: string, args: JsonObject, serve?: Serve): Promise<Answer> {
    const end = await this.#turns.take();
    try {
      const url = new URL(this.place.url);
      const exchange = new Exchange(url, (path, body) => this.#ask(path, body));
      await exchange.ask(op, encodeJson(args) as Uint8Array<ArrayBuffer>);
      return new Answer(exchange, {
        patience: this.patience,
        onEnd: (isComplete) => {
          if (!isComplete) exchange.discard();
          end();
        },
        onQuery: serve && ((op, args) => exchange.answer(serve, op, args)),
      });
    } catch (error) {
      end();
      throw error;
    }
  }

  async close(): Promise<void> {}

  async #ask(path: string, body: Uint8Array<ArrayBuffer>): Promise<HttpAnswer> {
    const { url, token } = this.place;
    const answer = await this.#client.begin("ask the other instance", () => ({
      method: "POST",
      url: new URL(`${url}/lamin/v1/${path}`),
      headers: {
        "content-type": "application/octet-stream",
        "accept-encoding": "identity",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
    }));
    if (answer.status === 200) return answer;
    throw await refusal(answer, token !== undefined);
  }
}

type Ask = (path: string, body: Uint8Array<ArrayBuffer>) => Promise<HttpAnswer>;

/** One thing that is asked, in as many requests as it takes. */
class Exchange implements FrameSource {
  #current: HttpAnswer | undefined;
  #frames: FrameReader | undefined;
  #session = "";
  #piece = 0;

  constructor(private readonly url: URL, private readonly post: Ask) {}

  async ask(path: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const current = this.#current = await this.post(path, body);
    this.#frames = new FrameReader(() => next(current, this.url));
  }

  /** A server that needs something ends its answer by saying so: it goes on in the next one. */
  async read(): Promise<Frame | undefined> {
    const frame = await this.#frames!.read();
    if (frame?.kind !== "end") return frame;
    const end = decodeJson(frame.bytes);
    if (!isObject(end) || !isObject(end["query"])) return frame;
    this.#session = textIn(end["session"], 64);
    if (!/^[A-Za-z0-9_-]+$/.test(this.#session)) throw notSpoken();
    return { kind: "query", bytes: encodeJson(end["query"]) };
  }

  async answer(serve: Serve, op: string, args: JsonObject): Promise<void> {
    for await (const { bytes, isLast } of piecesOf(sentFrames(serve(op, args)))) {
      const path = `push/${this.#session}/${this.#piece++}${isLast ? "/last" : ""}`;
      await this.ask(path, bytes);
      if (!isLast) await this.#goOn();
    }
  }

  discard(): void {
    this.#current?.discard();
  }

  /** What a server says of a piece that was not the last: nothing, or why it wants no more. */
  async #goOn(): Promise<void> {
    for (let frame = await this.read(); frame !== undefined; frame = await this.read()) {
      if (frame.kind === "alive") continue;
      const end = frame.kind === "end" ? decodeJson(frame.bytes) : null;
      const failure = isObject(end) ? toldError(end["error"]) : notSpoken();
      if (failure !== undefined) throw failure;
      return;
    }
    throw cutOff();
  }
}

async function next(answer: HttpAnswer, url: URL): Promise<Uint8Array | undefined> {
  try {
    return await answer.next();
  } catch (error) {
    if (error instanceof LaminError) throw error;
    throw networkFailure("read the answer", url, error);
  }
}

/** The longest refusal that is read. */
const refusalMax = 64 * 1024;

async function refusal(answer: HttpAnswer, hasToken: boolean): Promise<LaminError> {
  const { status } = answer;
  const told = await answer.bytes(refusalMax).then(decodeJson).catch(() => null);
  const failure = isObject(told) ? toldError(told["error"]) : undefined;
  if (status === 401 || status === 403) {
    return new LaminError("denied", failure?.message ?? "the server does not let you in", {
      hint: hasToken
        ? "the token may be one that reads only, or may have been removed there"
        : "give a token: LAMIN_TOKEN, or 'lamin remote add NAME URL --token-file FILE'",
    });
  }
  if (failure !== undefined) return failure;
  if (status >= 300 && status < 400) {
    return new LaminError("denied", "the server leads elsewhere, where nothing is asked", {
      hint: "give the address that it leads to, if you trust it",
    });
  }
  if (status >= 500) {
    return new LaminError("failed", `the server answers with status ${status}`, {
      hint: "try again later",
    });
  }
  return notSpoken();
}
