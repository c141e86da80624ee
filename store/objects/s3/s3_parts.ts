import { LaminError } from "../../errors.ts";
import type { S3Client } from "./s3_client.ts";
import { codeOf } from "./s3_error.ts";
import { lookAt } from "./s3_look.ts";
import { escapeXml, Xml } from "./s3_xml.ts";

/** A part that the server has. */
export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  /** In base64, where it was sent along. */
  readonly sha256: string | undefined;
}

/** Begins an upload in parts; returns the server's id of it. */
export async function createUpload(
  client: S3Client,
  key: string,
  hasChecksums: boolean,
): Promise<string> {
  const answer = await client.call({
    ...writing(key),
    method: "POST",
    query: { uploads: "" },
    headers: hasChecksums
      ? { "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "COMPOSITE" }
      : {},
    expects: hasChecksums ? [200, 501] : [200],
  });
  if (answer.status === 501) {
    client.sendsChecksums = false;
    return await createUpload(client, key, false);
  }
  return Xml.parse(answer.body, "InitiateMultipartUploadResult").text("UploadId");
}

/** The parts of an upload by their numbers; undefined when the server does not know the upload. */
export async function listParts(
  client: S3Client,
  key: string,
  upload: string,
): Promise<Map<number, { etag: string; size: number }> | undefined> {
  const parts = new Map<number, { etag: string; size: number }>();
  for (let marker = "0";;) {
    const answer = await client.call({
      what: `list what was written of ${key}`,
      permission: "s3:ListMultipartUploadParts",
      key,
      method: "GET",
      query: { uploadId: upload, "part-number-marker": marker },
      expects: [200, 404],
    });
    if (answer.status === 404) return undefined;
    const xml = Xml.parse(answer.body, "ListPartsResult");
    for (const part of xml.all("Part")) {
      const [number, size] = [Number(part.text("PartNumber")), Number(part.text("Size"))];
      parts.set(number, { etag: part.text("ETag"), size });
    }
    const next = xml.text("NextPartNumberMarker");
    if (xml.text("IsTruncated") !== "true" || !(Number(next) > Number(marker))) return parts;
    marker = next;
  }
}

export interface Completion {
  readonly key: string;
  readonly upload: string;
  readonly parts: readonly UploadedPart[];
  readonly size: number;
  /** False to leave what another wrote meanwhile. */
  readonly replaces: boolean;
}

/**
 * Lets an object appear from its parts. False when another one is there that is not to be replaced.
 */
export async function completeUpload(client: S3Client, completion: Completion): Promise<boolean> {
  const { key, upload, parts, size, replaces } = completion;
  const call = {
    ...writing(key),
    method: "POST",
    query: { uploadId: upload },
    headers: replaces ? {} : { "if-none-match": "*" },
    body: new TextEncoder().encode(completionXml(parts)),
    expects: [200, 404, 409, 412],
  } as const;
  const answer = await client.call(call);
  if (answer.status === 412 || answer.status === 409) return false;
  // A first attempt may have arrived although its answer was lost.
  if (answer.status === 404 && codeOf(answer) === "NoSuchUpload") {
    if ((await lookAt(client, key))?.size === size) return true;
    throw new LaminError("failed", `the server forgot what was written of ${key}`, {
      hint: "run the command again",
      data: { key },
    });
  }
  // The status is sent before the work is done.
  if (Xml.parseAny(answer.body)?.name === "CompleteMultipartUploadResult") return true;
  throw client.failure(answer, call);
}

function completionXml(parts: readonly UploadedPart[]): string {
  const items = parts.toSorted((a, b) => a.number - b.number).map(({ number, etag, sha256 }) => {
    const checksum = sha256 === undefined ? "" : `<ChecksumSHA256>${sha256}</ChecksumSHA256>`;
    return `<Part><PartNumber>${number}</PartNumber><ETag>${
      escapeXml(etag)
    }</ETag>${checksum}</Part>`;
  });
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${
    items.join("")
  }</CompleteMultipartUpload>`;
}

/** Gives back the room of an upload that is not to be completed; one that is gone is fine. */
export async function abortUpload(client: S3Client, key: string, upload: string): Promise<void> {
  await client.call({
    what: `give up what was written of ${key}`,
    permission: "s3:AbortMultipartUpload",
    key,
    method: "DELETE",
    query: { uploadId: upload },
    expects: [200, 204, 404],
  });
}

/** An upload that is neither completed nor given up. */
export interface OpenUpload {
  readonly key: string;
  readonly upload: string;
  readonly begunAt: Date;
}

/** The uploads below a prefix that are neither completed nor given up. */
export async function* openUploads(client: S3Client, prefix: string): AsyncGenerator<OpenUpload> {
  for (let markers: Record<string, string> = {};;) {
    const answer = await client.call({
      what: "list unfinished uploads",
      permission: "s3:ListBucketMultipartUploads",
      key: undefined,
      method: "GET",
      query: { uploads: "", "encoding-type": "url", prefix, ...markers },
      expects: [200],
    });
    const xml = Xml.parse(answer.body, "ListMultipartUploadsResult");
    for (const item of xml.all("Upload")) {
      const key = decoded(item.text("Key"), xml);
      if (!key.startsWith(prefix)) continue;
      yield { key, upload: item.text("UploadId"), begunAt: new Date(item.text("Initiated")) };
    }
    const next = {
      "key-marker": decoded(xml.text("NextKeyMarker"), xml),
      "upload-id-marker": xml.text("NextUploadIdMarker"),
    };
    const isSame = next["key-marker"] === markers["key-marker"] &&
      next["upload-id-marker"] === markers["upload-id-marker"];
    if (xml.text("IsTruncated") !== "true" || isSame) return;
    markers = next;
  }
}

function decoded(text: string, xml: Xml): string {
  return xml.text("EncodingType") === "url" ? decodeURIComponent(text.replaceAll("+", " ")) : text;
}

function writing(key: string) {
  return { what: `write ${key}`, permission: "s3:PutObject", key } as const;
}
