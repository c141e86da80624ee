import { LaminError } from "../../errors.ts";

/**
 * Addresses that only this machine's own network answers, and which give away its keys: those of
 * the link (RFC 3927, RFC 4291) and of the metadata services of clouds.
 */
const hostsOfTheLink = [
  /^169\.254\.\d+\.\d+$/,
  /^\[fe[89ab][0-9a-f]:/,
  /^\[::ffff:a9fe:[0-9a-f]{1,4}\]$/,
  /^\[fd00:ec2::254\]$/,
  /^100\.100\.100\.200$/,
  /^metadata\.google\.internal\.?$/,
  /^instance-data(\.ec2\.internal)?\.?$/,
];

/** Throws code "denied" for what is neither http nor https, or an address that is never asked. */
export function checkUrl(url: URL): void {
  // A URL has been brought into one form here: 169.254.1.1 also where it was written as a number.
  const isOfLink = hostsOfTheLink.some((pattern) => pattern.test(url.hostname.toLowerCase()));
  if (/^https?:$/.test(url.protocol) && !isOfLink) return;
  throw new LaminError("denied", `${url.protocol}//${url.host} is no address to fetch data from`, {
    data: { host: url.host },
  });
}

/** The addresses of names that other servers lead to are checked by what they resolve to. */
export function isOfTheLink(address: string): boolean {
  const host = address.includes(":") ? `[${address.toLowerCase()}]` : address;
  return hostsOfTheLink.some((pattern) => pattern.test(host));
}
