import { LaminError } from "../../errors.ts";
import { sendBody } from "../../host/send_body.ts";
import { checkUrl } from "./allowed_url.ts";
import { HttpAnswer } from "./http_answer.ts";
import { networkFailure, TimeOut } from "./http_failure.ts";
import { isPassing, type Patience, pauseBefore, retryAfterMs, usualPatience } from "./retry.ts";
import { Slots } from "./slots.ts";

/** One request. It has to be one that may be sent twice. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** An answer with its whole body. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What a request is made by, at each attempt: signatures hold for some minutes only. */
export type MakeRequest = () => Promise<HttpRequest> | HttpRequest;

/** How many requests are under way at once. */
const requestsAtOnce = 32;

/** Bodies from this size on are sent in pieces. */
const sentInPiecesMin = 1 << 20;

/** Slowest upload that is waited for, in bytes a millisecond. */
const slowestUpload = 32;

/**
 * Asks servers: again when that may help, some at once, never for longer than they keep silent. An
 * answer is given back whatever its status is; redirects are not followed.
 */
export class HttpClient {
  readonly #slots: Slots;

  /** `isProxied` tells that the environment names a proxy, which not all ways to ask know. */
  constructor(readonly patience: Patience = usualPatience, private readonly isProxied = true) {
    this.#slots = new Slots(requestsAtOnce);
  }

  /**
   * Asks and reads the whole answer, of up to `max` bytes. `what` says what is tried, after "could
   * not". Throws code "failed" when nothing but failures of the network came.
   */
  async whole(what: string, make: MakeRequest, max = 16 << 20): Promise<WholeAnswer> {
    return await this.#repeat(what, make, async (answer) => {
      const body = await answer.bytes(max);
      return { status: answer.status, headers: answer.headers, body };
    });
  }

  /** Asks, and leaves the body to be read as it comes. Throws as `whole`. */
  async begin(what: string, make: MakeRequest): Promise<HttpAnswer> {
    return await this.#repeat(what, make, (answer) => Promise.resolve(answer));
  }

  async #repeat<T extends HttpAnswer | WholeAnswer>(
    what: string,
    make: MakeRequest,
    take: (answer: HttpAnswer) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0;; attempt++) {
      const request = await make();
      checkUrl(request.url);
      const isLast = attempt + 1 >= this.patience.attempts;
      let wanted: number | undefined;
      try {
        const result = await this.#slots.run(async () => await take(await this.#ask(request)));
        if (isLast || !isPassing(result.status)) return result;
        wanted = retryAfterMs(result.headers.get("retry-after"), new Date());
        const pause = pauseBefore(this.patience, attempt, wanted);
        if (pause === undefined) return result;
        if (result instanceof HttpAnswer) result.discard();
        await this.patience.wait(pause);
      } catch (error) {
        if (error instanceof LaminError) throw error;
        if (isLast) throw networkFailure(what, request.url, error);
        await this.patience.wait(pauseBefore(this.patience, attempt, undefined)!);
      }
    }
  }

  async #ask({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const { timeoutMs } = this.patience;
    const control = new AbortController();
    const abort = (reason: Error) => control.abort(reason);
    const longest = timeoutMs + (body === undefined ? 0 : body.length / slowestUpload);
    const timer = setTimeout(() => abort(new TimeOut()), longest);
    try {
      const { signal } = control;
      const response = body === undefined || body.length < sentInPiecesMin || this.isProxied
        ? await fetch(url, {
          // Bun would unpack what is stored packed; Deno always does, and the length shows it.
          ...{ decompress: false },
          method,
          headers,
          redirect: "manual",
          signal,
          ...(body === undefined ? {} : { body }),
        })
        : await sendBody({ method, url, headers, body, signal });
      return new HttpAnswer(response, timeoutMs, abort, method !== "HEAD");
    } finally {
      clearTimeout(timer);
    }
  }
}
