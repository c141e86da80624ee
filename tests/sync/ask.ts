/** Requests to a server as anybody could make them, and what it says. */

import { FrameReader } from "../../core/sync/wire/frame.ts";

export interface Asked {
  readonly status: number;
  /** What all its data frames have, as text. */
  readonly data: string;
  // deno-lint-ignore no-explicit-any
  readonly marks: any[];
  /** What it ends with, or what a refusal says. */
  // deno-lint-ignore no-explicit-any
  readonly end: any;
  /** Everything that came, as text. */
  readonly text: string;
}

/** Asks a server for something. */
export async function ask(
  url: string,
  path: string,
  options: {
    readonly token?: string | undefined;
    readonly args?: unknown;
    readonly body?: Uint8Array<ArrayBuffer>;
    readonly method?: string;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<Asked> {
  const { token, args = {}, body, method = "POST", headers = {} } = options;
  const response = await fetch(`${url}/lamin/v1/${path}`, {
    method,
    headers: { ...headers, ...token === undefined ? {} : { authorization: `Bearer ${token}` } },
    ...method === "GET" ? {} : { body: body ?? JSON.stringify(args) },
    redirect: "manual",
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (response.status !== 200) {
    return { status: response.status, data: "", marks: [], end: parsed(text), text };
  }
  return { status: response.status, ...await framesIn(bytes), text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function framesIn(bytes: Uint8Array): Promise<Pick<Asked, "data" | "marks" | "end">> {
  const pieces = [bytes];
  const reader = new FrameReader(() => Promise.resolve(pieces.pop()));
  const decoder = new TextDecoder();
  let [data, end]: [string, unknown] = ["", undefined];
  const marks: unknown[] = [];
  for (let frame = await reader.read(); frame !== undefined; frame = await reader.read()) {
    if (frame.kind === "data") data += decoder.decode(frame.bytes);
    else if (frame.kind === "mark") marks.push(JSON.parse(decoder.decode(frame.bytes)));
    else if (frame.kind === "end") end = JSON.parse(decoder.decode(frame.bytes));
  }
  return { data, marks, end };
}
