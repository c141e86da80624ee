import { LaminError } from "../../errors.ts";
import type { WholeAnswer } from "../http/http_client.ts";
import type { Credentials } from "./credentials.ts";
import type { S3Location } from "./s3_location.ts";
import { Xml } from "./s3_xml.ts";

/** What was tried, for the sentence about its failure. */
export interface Attempted {
  /** After "could not": `write raw/a.csv`. */
  readonly what: string;
  /** As policies call it: `s3:PutObject`. */
  readonly permission: string;
  /** What it was tried on: undefined for the bucket. */
  readonly key: string | undefined;
}

/** The code that S3 gives to what went wrong, such as `NoSuchKey`; empty where none is told. */
export function codeOf({ body }: WholeAnswer): string {
  const xml = body.length === 0 ? undefined : Xml.parseAny(body);
  return xml?.name === "Error" ? xml.text("Code") : "";
}

/** Turns an answer that is none of the expected ones into a failure with its sentence. */
export function failureOf(
  answer: WholeAnswer,
  tried: Attempted,
  location: S3Location,
  credentials: Credentials | undefined,
  now: Date,
): LaminError {
  const code = codeOf(answer);
  const place = `s3://${location.bucket}${tried.key === undefined ? "" : `/${tried.key}`}`;
  const data = {
    call: tried.permission,
    bucket: location.bucket,
    ...(tried.key === undefined ? {} : { key: tried.key }),
    status: answer.status,
    ...(code === "" ? {} : { reason: code }),
  };
  const keys = credentials === undefined ? "" : `the keys of ${credentials.origin}`;
  const fail = (kind: LaminError["code"], message: string, hint: string) =>
    new LaminError(kind, message, { hint, data });
  switch (code) {
    case "RequestTimeTooSkewed":
      return fail("failed", skewText(answer, now), "set the clock of this machine right");
    case "ExpiredToken":
    case "TokenRefreshRequired":
      return fail("denied", `${keys} have expired`, "get new ones and run the command again");
    case "InvalidAccessKeyId":
    case "XAdminUserNotFound": // as versitygw has it
    case "InvalidToken":
      return fail("denied", `the server does not know ${keys}`, "check them and the endpoint");
    case "SignatureDoesNotMatch":
      return fail("denied", `the server takes ${keys} for wrong`, "check the secret access key");
    case "NoSuchBucket":
      return fail("not_found", `there is no bucket ${location.bucket}`, "check the storage's name");
    case "PermanentRedirect":
    case "TemporaryRedirect":
    case "AuthorizationHeaderMalformed":
    case "IllegalLocationConstraintException":
      return fail(
        "failed",
        `the bucket ${location.bucket} is in another region or on another server`,
        "set AWS_REGION, or name the server with ?endpoint_url=",
      );
  }
  if (answer.status === 429 || answer.status === 503) {
    return fail("failed", `could not ${tried.what}: the server has too much to do`, "try later");
  }
  if (answer.status === 403 || answer.status === 401) {
    const hint = credentials === undefined
      ? "there are no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
      : `let the user of ${keys} do ${tried.permission} there`;
    return fail("denied", `the server denies ${tried.permission} on ${place}`, hint);
  }
  if (answer.status === 404) return fail("not_found", `there is nothing at ${place}`, "check it");
  const said = code === "" ? `status ${answer.status}` : `${code}${messageOf(answer)}`;
  return fail("failed", `could not ${tried.what}: the server says ${said}`, "try again");
}

/** The server's own words, in bounds; they may hold anything. */
function messageOf({ body }: WholeAnswer): string {
  const words = Xml.parseAny(body)?.text("Message").replace(/[^\x20-\x7e]+/g, " ").trim() ?? "";
  return words === "" ? "" : ` (${words.slice(0, 160)})`;
}

function skewText({ headers }: WholeAnswer, now: Date): string {
  const theirs = Date.parse(headers.get("date") ?? "");
  const minutes = Math.round((now.getTime() - theirs) / 60_000);
  if (Number.isNaN(minutes)) return "the clocks of this machine and of the server differ";
  const side = minutes < 0 ? "behind" : "ahead of";
  return `the clock of this machine is ${Math.abs(minutes)} minutes ${side} the server's`;
}
