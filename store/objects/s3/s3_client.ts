import { AwsV4Signer } from "aws4fetch";
import type { Hashing, Host } from "../../host/host.ts";
import type { HttpAnswer } from "../http/http_answer.ts";
import type { HttpClient, HttpRequest, WholeAnswer } from "../http/http_client.ts";
import type { Credentials, S3Settings } from "./credentials.ts";
import { type Attempted, codeOf, failureOf } from "./s3_error.ts";
import { type S3Location, urlOf } from "./s3_location.ts";
import { Xml } from "./s3_xml.ts";

/** One call of S3's interface. */
export interface S3Call extends Attempted {
  readonly method: HttpRequest["method"];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the body in hexadecimal, where it is known already. */
  readonly sha256?: string;
  /** Statuses that the caller understands; all others are thrown as failures. */
  readonly expects: readonly number[];
}

const sha256OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Codes for a body that is not the one which was signed. */
const damaged: ReadonlySet<string> = new Set([
  "BadDigest",
  "InvalidDigest",
  "XAmzContentSHA256Mismatch",
  "XAmzContentChecksumMismatch",
]);

/**
 * Speaks with the server of one bucket. Credentials are used for nothing else: every address is
 * made from the location, and redirects are not followed.
 */
export class S3Client {
  readonly location: S3Location;
  readonly #credentials: Credentials | undefined;
  readonly #signingKeys = new Map<string, ArrayBuffer>();
  #region: string;
  /** False once the server said that it knows no conditions for writing. */
  hasConditions: boolean;
  /**
   * Whether SHA-256 is sent for the server to keep: false once it said that it knows no such thing.
   */
  sendsChecksums: boolean;

  constructor(
    private readonly host: Pick<Host, "now">,
    private readonly hashing: Hashing,
    readonly http: HttpClient,
    location: S3Location,
    settings: S3Settings,
  ) {
    this.location = { ...location, endpoint: location.endpoint ?? settings.endpoint };
    this.#credentials = settings.credentials;
    // Google does not take such headers from S3 clients.
    this.hasConditions = !location.isGoogle;
    this.sendsChecksums = !location.isGoogle;
    const usual = this.location.isGoogle ? "auto" : "us-east-1";
    this.#region = location.region ?? settings.region ?? usual;
  }

  /** Whether requests are signed. */
  get isAnonymous(): boolean {
    return this.#credentials === undefined;
  }

  /** The address that is spoken with. */
  get origin(): string {
    return urlOf(this.location, this.#region).origin;
  }

  /** The key of a name in the storage. */
  keyOf(name: string): string {
    return this.location.prefix + name;
  }

  /** Calls and reads the whole answer. Throws what `failureOf` says of unexpected answers. */
  async call(call: S3Call, max?: number): Promise<WholeAnswer> {
    const make = () => this.#sign(call);
    let answer = await this.http.whole(call.what, make, max);
    for (let again = 1; again < this.http.patience.attempts && this.#helpsAgain(answer); again++) {
      answer = await this.http.whole(call.what, make, max);
    }
    if (call.expects.includes(answer.status)) return answer;
    throw this.failure(answer, call);
  }

  /** Calls and leaves the body of an expected answer to be read. Throws as `call`. */
  async begin(call: S3Call): Promise<HttpAnswer> {
    const make = () => this.#sign(call);
    for (let isSecond = false;; isSecond = true) {
      const answer = await this.http.begin(call.what, make);
      if (call.expects.includes(answer.status)) return answer;
      const body = await answer.bytes(1 << 20).catch(() => new Uint8Array());
      const whole = { status: answer.status, headers: answer.headers, body };
      if (isSecond || !this.#helpsAgain(whole)) throw this.failure(whole, call);
    }
  }

  /** The failure that an answer tells of. */
  failure(answer: WholeAnswer, tried: Attempted): Error {
    return failureOf(answer, tried, this.location, this.#credentials, this.host.now());
  }

  /** SHA-256 of bytes. Not by WebCrypto, which copies them first. */
  sha256(bytes: Uint8Array): Uint8Array {
    return this.hashing.digest("sha256", bytes);
  }

  md5(bytes: Uint8Array): Uint8Array {
    return this.hashing.digest("md5", bytes);
  }

  async #sign(call: S3Call): Promise<HttpRequest> {
    const { method, key, query = {}, headers = {}, body } = call;
    const url = urlOf(this.location, this.#region, key);
    // Not by URLSearchParams, whose `+` for a space not every server takes for one.
    url.search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("=")).join(
      "&",
    );
    const request = { method, url, ...(body === undefined ? {} : { body }) };
    if (this.#credentials === undefined) return { ...request, headers };
    const { accessKeyId, secretAccessKey, sessionToken } = this.#credentials;
    const sha256 = call.sha256 ??
      (body === undefined ? sha256OfNothing : this.sha256(body).toHex());
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, "x-amz-content-sha256": sha256 },
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: "s3",
      region: this.#region,
      cache: this.#signingKeys,
      datetime: this.host.now().toISOString().replace(/[:-]|\.\d{3}/g, ""),
    });
    const signed = await signer.sign();
    return { ...request, url: signed.url, headers: Object.fromEntries(signed.headers) };
  }

  /** Whether the same call may succeed now: the bytes arrived damaged, or the region was wrong. */
  #helpsAgain(answer: WholeAnswer): boolean {
    if (answer.status === 400 && damaged.has(codeOf(answer))) return true;
    return this.#movesRegion(answer);
  }

  /** Whether the answer tells that the bucket is in another region, which is used from now on. */
  #movesRegion(answer: WholeAnswer): boolean {
    if (![301, 307, 400, 403].includes(answer.status)) return false;
    const told = answer.headers.get("x-amz-bucket-region") ?? regionIn(answer);
    if (told === null || told === this.#region || !/^[a-z0-9-]{2,40}$/.test(told)) return false;
    this.#region = told;
    return true;
  }
}

function regionIn(answer: WholeAnswer): string | null {
  if (codeOf(answer) !== "AuthorizationHeaderMalformed") return null;
  return Xml.parseAny(answer.body)?.text("Region") || null;
}
