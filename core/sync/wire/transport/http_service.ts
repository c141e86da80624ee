import { LaminError } from "../../../../store/errors.ts";
import type { ServerReply, ServerRequest } from "../../../../store/host/http_server.ts";
import type { Channel, Frames } from "../channel.ts";
import { type Patience, usualPatience } from "../deadline.ts";
import { frameBytesMax } from "../frame.ts";
import { decodeJson, encodeJson, type JsonObject, objectIn } from "../json.ts";
import { sentFrames } from "../service/sent_frames.ts";
import { isOfSource } from "../service/source_service.ts";
import { tellError } from "../wire_error.ts";
import { pieceBytesMax } from "./pieces.ts";
import { PushSession, type Step } from "./push_session.ts";

/** What somebody may do who asks. */
export interface Permission {
  /** Name of the token; undefined for anybody. */
  readonly who: string | undefined;
  readonly canWrite: boolean;
}

/** What is served by HTTP. */
export interface HttpServed {
  /** What a token lets somebody do; undefined for nothing. */
  permission(token: string | undefined): Promise<Permission | undefined>;
  read(op: string, args: JsonObject): Frames;
  write(args: JsonObject, back: Channel, who: string | undefined): Promise<JsonObject>;
  /** A new name for a push that nobody guesses. */
  sessionName(): string;
  /** Told of failures that nobody thought of. */
  failed?(error: unknown): void;
}

export interface HttpServiceLimits {
  /** Requests that are answered at a time. */
  readonly requestsMax: number;
  /** Pushes under way. */
  readonly pushesMax: number;
  readonly patience: Patience;
}

export const usualServiceLimits: HttpServiceLimits = {
  requestsMax: 16,
  pushesMax: 4,
  patience: usualPatience,
};

const address = /^\/lamin\/v1\/([a-z]{1,20})(?:\/([A-Za-z0-9_-]{22})\/(\d{1,9})(\/last)?)?$/;

/**
 * Answers requests. Everything is a POST, and nothing is answered that a page in a browser sent:
 * such requests say where they come from.
 */
export class HttpService {
  readonly #pushes = new Map<string, PushSession>();
  #requests = 0;

  constructor(
    private readonly served: HttpServed,
    private readonly limits: HttpServiceLimits = usualServiceLimits,
  ) {}

  /** Never throws. */
  async answer(request: ServerRequest): Promise<ServerReply> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      const isOurs = error instanceof LaminError;
      if (!isOurs) this.served.failed?.(error);
      return new Refusal(isOurs ? 400 : 500, tellError(error)).reply;
    }
  }

  /** Ends all pushes. */
  close(): void {
    for (const push of this.#pushes.values()) push.end();
  }

  async #answer(request: ServerRequest): Promise<ServerReply> {
    const [, op, session, piece, last] = address.exec(request.path) ?? [];
    if (op === undefined) throw refusal(404, "not_found", "there is nothing of that name");
    if (request.method !== "POST") throw refusal(405, "usage", "ask by POST");
    if (request.header("origin") !== undefined) {
      throw refusal(403, "denied", "pages in a browser are not answered");
    }
    const permission = await this.#permission(request);
    if (op === "push") {
      if (!permission.canWrite) {
        throw refusal(403, "denied", "this token may only read", "ask for one that may push");
      }
      if (session === undefined) return await this.#begin(request, permission);
      return await this.#goOn(request, permission, session, Number(piece), last !== undefined);
    }
    if (session !== undefined || !isOfSource(op)) {
      throw refusal(404, "not_found", "there is nothing of that name");
    }
    const args = await argsIn(request);
    this.#requireRoom();
    return this.#reply(this.served.read(op, args));
  }

  async #permission(request: ServerRequest): Promise<Permission> {
    const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.header("authorization") ?? "")?.[1];
    const permission = await this.served.permission(token);
    if (permission !== undefined) return permission;
    throw refusal(401, "denied", token === undefined ? "a token is needed" : "no such token");
  }

  async #begin(request: ServerRequest, { who }: Permission): Promise<ServerReply> {
    const args = await argsIn(request);
    if (this.#pushes.size >= this.limits.pushesMax) throw this.#full();
    this.#requireRoom();
    const name = this.served.sessionName();
    const push = new PushSession(who ?? "", this.limits.patience, () => this.#pushes.delete(name));
    this.#pushes.set(name, push);
    const first = push.begin(this.served.write(args, push.back, who));
    return this.#reply(stepped(first, name));
  }

  async #goOn(
    request: ServerRequest,
    { who }: Permission,
    name: string,
    piece: number,
    isLast: boolean,
  ): Promise<ServerReply> {
    const push = this.#pushes.get(name);
    if (push === undefined || push.owner !== (who ?? "")) {
      throw refusal(
        409,
        "conflict",
        "the server does not know of this push any more",
        "run it again",
      );
    }
    const bytes = await bodyOf(request, pieceBytesMax);
    this.#requireRoom();
    return this.#reply(stepped(push.take(piece, bytes, isLast), name));
  }

  #requireRoom(): void {
    if (this.#requests >= this.limits.requestsMax) throw this.#full();
  }

  #full(): Refusal {
    return refusal(503, "busy", "the server has enough to do", "try again later");
  }

  #reply(frames: Frames): ServerReply {
    const failed = (error: unknown) => {
      if (!(error instanceof LaminError)) this.served.failed?.(error);
    };
    return { status: 200, headers: plainHeaders, body: this.#counted(sentFrames(frames, failed)) };
  }

  async *#counted<T>(stream: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    this.#requests++;
    try {
      yield* stream;
    } finally {
      this.#requests--;
    }
  }
}

// A generator, as all that answers is one.
// deno-lint-ignore require-yield
async function* stepped(step: Promise<Step>, session: string): Frames {
  const next = await step;
  if ("query" in next) return { query: next.query, session };
  return "result" in next ? next.result : {};
}

async function argsIn(request: ServerRequest): Promise<JsonObject> {
  const bytes = await bodyOf(request, frameBytesMax.request);
  return bytes.length === 0 ? {} : objectIn(decodeJson(bytes));
}

async function bodyOf(request: ServerRequest, max: number): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await request.body(max);
  } catch {
    throw refusal(400, "failed", "the request was cut off");
  }
  if (bytes === undefined) throw refusal(413, "usage", "the request is too large");
  return bytes;
}

const plainHeaders = {
  "content-type": "application/octet-stream",
  "cache-control": "no-store",
  // For proxies that would rather send everything at once.
  "x-accel-buffering": "no",
} as const;

/** A request that is not answered. */
class Refusal extends Error {
  readonly reply: ServerReply;

  constructor(status: number, told: JsonObject) {
    super();
    this.reply = {
      status,
      headers: {
        ...plainHeaders,
        "content-type": "application/json",
        ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
        ...(status === 503 ? { "retry-after": "1" } : {}),
      },
      body: encodeJson({ error: told }),
    };
  }
}

function refusal(
  status: number,
  code: LaminError["code"],
  message: string,
  hint?: string,
): Refusal {
  return new Refusal(status, tellError(new LaminError(code, message, hint ? { hint } : {})));
}
