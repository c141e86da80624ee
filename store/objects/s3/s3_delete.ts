import { LaminError } from "../../errors.ts";
import { forEachOf } from "../../for_each_of.ts";
import type { S3Client } from "./s3_client.ts";
import { escapeXml, fitsXml, Xml } from "./s3_xml.ts";

/** As many as one call takes. */
const deletedAtOnce = 1000;

/** Removes objects; keys of nothing are fine. Throws code "denied" or "failed" when refused. */
export async function deleteObjects(client: S3Client, keys: readonly string[]): Promise<void> {
  const listed = keys.filter(fitsXml);
  const single = keys.filter((key) => !fitsXml(key));
  for (let begin = 0; begin < listed.length; begin += deletedAtOnce) {
    const some = listed.slice(begin, begin + deletedAtOnce);
    if (some.length === 1 || !await deleteTogether(client, some)) single.push(...some);
  }
  await forEachOf(single, 16, async (key) => {
    await client.call({ ...deleting(key), method: "DELETE", expects: [200, 204, 404] });
  });
}

/** False where the server has no such call. */
async function deleteTogether(client: S3Client, keys: readonly string[]): Promise<boolean> {
  const items = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join("");
  const body = new TextEncoder().encode(`<Delete><Quiet>true</Quiet>${items}</Delete>`);
  const sha256 = client.sha256(body);
  const answer = await client.call({
    ...deleting(undefined),
    method: "POST",
    query: { delete: "" },
    // Old servers ask for MD5; new ones take it too.
    headers: { "content-md5": client.md5(body).toBase64(), "content-type": "application/xml" },
    body,
    sha256: sha256.toHex(),
    expects: client.location.isGoogle ? [200, 400, 404, 405, 501] : [200, 405, 501],
  });
  if (answer.status !== 200) return false;
  const [refused] = Xml.parse(answer.body, "DeleteResult").all("Error");
  if (refused === undefined) return true;
  const [key, code] = [refused.text("Key"), refused.text("Code")];
  if (code === "NoSuchKey") return true;
  throw new LaminError(
    code === "AccessDenied" ? "denied" : "failed",
    `the server ${
      code === "AccessDenied" ? "denies s3:DeleteObject on" : "does not remove"
    } ${key}`,
    {
      hint: "see who may remove objects there",
      data: { key, reason: code, call: "s3:DeleteObject" },
    },
  );
}

function deleting(key: string | undefined) {
  return { what: "remove objects", permission: "s3:DeleteObject", key } as const;
}
