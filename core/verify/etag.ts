import type { Hashing } from "../../store/host/host.ts";
import { liesHere } from "../artifact/lies_here.ts";
import { concurrently, requestsAtOnce } from "../concurrently.ts";
import type { Expectation } from "../fsck/expectation.ts";
import { hashOfEtag } from "../identity/cloud_hash.ts";
import type { Instance } from "../instance/instance.ts";
import { schemeOf } from "../instance/remote_root.ts";

/**
 * Whether files on servers still have the ETag that LaminDB made their hash of, where it did: so
 * it does for data that is registered in place. Others are left out.
 */
export async function sameEtags(
  instance: Instance,
  hashing: Hashing,
  expectations: readonly Expectation[],
): Promise<ReadonlyMap<Expectation, boolean>> {
  const asked = expectations.filter(({ blobs, content, isStored, row }) =>
    content.kind === "file" && !isStored && !liesHere(blobs) && row.hash !== null
  );
  const found = new Map<Expectation, boolean>();
  await concurrently(asked, requestsAtOnce, async (expectation) => {
    const { blobs, name, row } = expectation;
    const etag = (await blobs.entry(name))?.etag;
    if (etag === undefined) return;
    const scheme = schemeOf(instance.storages.get(row.storage_id)!.root);
    const { hash, hashType } = hashOfEtag(hashing, scheme, etag);
    if (hashType === row._hash_type) found.set(expectation, hash === row.hash);
  });
  return found;
}
