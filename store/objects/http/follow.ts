import { LaminError } from "../../errors.ts";
import { resolveName } from "../../host/resolve_name.ts";
import { isOfTheLink } from "./allowed_url.ts";
import type { HttpAnswer } from "./http_answer.ts";
import type { HttpClient, HttpRequest } from "./http_client.ts";

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** As many as browsers follow. */
const redirectsMax = 20;

/** Headers that are meant for the server that was named and for no other. */
const secret = /^(authorization|cookie|proxy-authorization)$/i;

/**
 * Asks for data without changing anything, and goes where the server leads: not from https to http,
 * with no credentials to another server, and to no name that stands for an address of the link.
 * Throws code "denied" for such places, and as HttpClient. `resolve` gives the addresses of a name.
 */
export async function follow(
  client: HttpClient,
  what: string,
  request: HttpRequest,
  resolve: (name: string) => Promise<readonly string[]> = resolveName,
): Promise<HttpAnswer> {
  let { url, headers } = request;
  for (let count = 0; count <= redirectsMax; count++) {
    const answer = await client.begin(what, () => ({ ...request, url, headers }));
    const location = answer.headers.get("location");
    if (!redirects.has(answer.status) || location === null) return answer;
    answer.discard();
    const next = URL.parse(location, url);
    if (next === null || (url.protocol === "https:" && next.protocol !== "https:")) {
      throw refused(what, url, next?.protocol ?? "");
    }
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    if (next.hostname !== url.hostname && (await resolve(next.hostname)).some(isOfTheLink)) {
      throw refused(what, url, next.protocol);
    }
    // A place may name a user and a password, which nobody gave.
    next.username = next.password = "";
    url = next;
  }
  throw new LaminError("failed", `could not ${what}: the server leads in circles`, {
    hint: "check the address",
    data: { host: request.url.host },
  });
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)));
}

function refused(what: string, url: URL, protocol: string): LaminError {
  return new LaminError("denied", `could not ${what}: ${url.host} leads to an unsafe place`, {
    hint: "check the address",
    data: { host: url.host, protocol },
  });
}
