import { LaminError } from "../../errors.ts";

/** A failure of the network, or of a server that speaks against the rules. */
export function networkFailure(what: string, url: URL, cause: unknown): LaminError {
  const { reason, hint } = reasonOf(cause);
  return new LaminError("failed", `could not ${what}: ${reason} (${url.host})`, {
    hint,
    data: { host: url.host },
    cause,
  });
}

/** Thrown where an answer took too long. */
export class TimeOut extends Error {
  override readonly name = "TimeOut";
}

/** Thrown where an answer ended before or after the length that it had told. */
export class WrongLength extends Error {
  override readonly name = "WrongLength";
}

function reasonOf(cause: unknown): { reason: string; hint: string } {
  const hint = "try again";
  if (cause instanceof TimeOut) return { reason: "the server does not answer in time", hint };
  if (cause instanceof WrongLength) return { reason: cause.message, hint };
  const text = textOf(cause);
  if (/refused/i.test(text)) {
    return { reason: "nothing answers there", hint: "check the address and that the server runs" };
  }
  if (/dns|resolve|lookup|ENOTFOUND|name or service/i.test(text)) {
    return { reason: "no such host is known", hint: "check the address and the network" };
  }
  if (/certificate|UnknownIssuer|tls|ssl/i.test(text)) {
    return {
      reason: "its certificate is not trusted",
      hint: "check the address and the certificate",
    };
  }
  return { reason: "the connection was lost", hint };
}

/** All that the engines say about it: the cause of the cause has the words of the system. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return [error.message, code, error.cause === undefined ? "" : textOf(error.cause)].join(" ");
}
