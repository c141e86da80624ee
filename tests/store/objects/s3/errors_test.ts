import assert from "node:assert/strict";
import { LaminError } from "../../../../store/errors.ts";
import type { Host } from "../../../../store/host/host.ts";
import { probeStore } from "../../../../store/objects/probe.ts";
import { put, textOf } from "../../../conformance/blob/store_driver.ts";
import { answerOf } from "../../../faults/lying_proxy.ts";
import { noS3Server, s3Server, userOf, withKeys } from "../../../s3_server.ts";
import { test } from "../../../skip.ts";
import { type S3World, withS3 } from "./s3_world.ts";

/** The failure of the work: its code, sentence and hint. */
async function failureOf(work: () => Promise<unknown>): Promise<LaminError> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof LaminError, String(error));
    // Nothing of a key may be told.
    assert.doesNotMatch(JSON.stringify(error), /testsecret|testkey|wrong-secret/);
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

test("S3 errors: wrong keys, no keys, no bucket", noS3Server, async () => {
  await withS3(async ({ host, open, bucket, root, proxy }) => {
    const key = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "wrong-secret" };
    const wrong = await failureOf(() => open(withKeys(host, key)).entries("a"));
    assert.equal(wrong.message, "the server takes the keys of the environment for wrong");
    assert.equal(wrong.code, "denied");
    const unknown = { ...key, AWS_ACCESS_KEY_ID: "nobody" };
    const stranger = await failureOf(() => open(withKeys(host, unknown)).entries("a"));
    assert.equal(stranger.message, "the server does not know the keys of the environment");
    const nobody = await failureOf(() => put(open(withKeys(host, {})), { "a": "1" }));
    assert.equal(nobody.message, `the server denies s3:PutObject on s3://${bucket}/atlas/a`);
    assert.match(nobody.hint!, /there are no keys: set AWS_ACCESS_KEY_ID/);
    const none = open(host, root.replace(bucket, "nothing-here"));
    for (
      const work of [() => none.entries("a"), () => put(none, { "a": "1" }), () => none.open("a")]
    ) {
      const missing = await failureOf(work);
      assert.deepEqual([missing.code, missing.message], [
        "not_found",
        "there is no bucket nothing-here",
      ]);
    }
    const asked = proxy.requests.filter(({ head }) => /authorization/i.test(head));
    assert.ok(asked.length > 0 && asked.every(({ head }) => !head.includes("wrong-secret")));
  });
});

test("S3 errors: a clock that is wrong is named", noS3Server, async () => {
  await withS3(async ({ host, open }) => {
    for (
      const [minutes, words] of [[-60, "60 minutes behind"], [90, "90 minutes ahead of"]] as const
    ) {
      const late = { ...host, now: () => new Date(Date.now() + minutes * 60_000) };
      const { message } = await failureOf(() => open(late).entries("a"));
      assert.equal(message, `the clock of this machine is ${words} the server's`);
    }
  });
});

test("S3 errors: keys that expired", noS3Server, async () => {
  await withS3(async ({ store, proxy }) => {
    proxy.plan = () => ({
      answers: answerOf(
        "400 Bad",
        {},
        "<Error><Code>ExpiredToken</Code><Message>x</Message></Error>",
      ),
    });
    const { message, hint } = await failureOf(() => store.entries("a"));
    assert.equal(message, "the keys of the environment have expired");
    assert.match(hint!, /new ones/);
  });
});

test("S3: the region is found out", noS3Server, async () => {
  await withS3(async ({ host, open, proxy, root }) => {
    const keys = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "testsecret" };
    const store = open(withKeys(host, { ...keys, AWS_REGION: "eu-central-1" }));
    await put(store, { "a": "1" });
    assert.equal(await textOf(store, "a"), "1");
    const before = proxy.requests.length;
    await store.entries("b");
    assert.equal(proxy.requests.length, before + 1, "once");
    const named = open(host, `${root}&region=us-east-1`);
    assert.equal(await textOf(named, "a"), "1");
  });
});

/** Lets a user do only what is named, on the bucket and all in it. */
async function allow({ blobs, bucket }: S3World, user: string, actions: readonly string[]) {
  const { client } = await blobs();
  const policy = {
    Statement: [{
      Effect: "Allow",
      Principal: [user],
      Action: actions,
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    }],
  };
  await client.call({
    what: "set a policy",
    permission: "s3:PutBucketPolicy",
    key: undefined,
    method: "PUT",
    query: { policy: "" },
    body: new TextEncoder().encode(JSON.stringify(policy)),
    expects: [200, 204],
  });
}

async function asUser(host: Host): Promise<{ user: string; host: Host }> {
  const { name, secret } = await userOf(await s3Server());
  return {
    user: name,
    host: withKeys(host, { AWS_ACCESS_KEY_ID: name, AWS_SECRET_ACCESS_KEY: secret }),
  };
}

test("S3 probe: all works for the owner, and nothing is left", noS3Server, async () => {
  await withS3(async ({ host, store }) => {
    const calls = await probeStore(host, store);
    assert.deepEqual(calls.filter(({ result }) => result !== "works"), []);
    assert.deepEqual(
      calls.map(({ call }) => call),
      ["list", "write", "look", "read", "copy", "write on condition", "write in parts"]
        .concat(["find unfinished uploads", "remove"]),
    );
    assert.deepEqual(await store.entries(".lamindb"), []);
    assert.deepEqual(await store.unfinished(), []);
  });
});

test("S3 probe: who may only read is told what is missing", noS3Server, async () => {
  await withS3(async (world) => {
    await put(world.store, { "a": "1" });
    const { user, host } = await asUser(world.host);
    await allow(world, user, ["s3:GetObject", "s3:ListBucket"]);
    const store = world.open(host);
    assert.equal(await textOf(store, "a"), "1");
    const calls = await probeStore(host, store);
    const write = calls.find(({ call }) => call === "write")!;
    assert.deepEqual([write.result, write.permission], ["fails", "s3:PutObject"]);
    assert.match(
      write.message!,
      /^the server denies s3:PutObject on s3:\/\/bucket-[\d-]+\/atlas\/\.lamindb/,
    );
    assert.deepEqual(
      calls.filter(({ result }) => result === "not tried").map(({ call }) => call),
      ["look", "read", "copy", "write on condition", "write in parts", "remove"],
    );
    assert.equal(calls[0]!.result, "works");
  });
});

test("S3 probe: who may not remove, or not list", noS3Server, async () => {
  await withS3(async (world) => {
    const { user, host } = await asUser(world.host);
    await allow(world, user, ["s3:GetObject", "s3:PutObject"]);
    const failed = (await probeStore(host, world.open(host))).filter(({ result }) =>
      result === "fails"
    );
    const names = failed.map(({ call, permission }) => `${call}: ${permission}`);
    assert.ok(names.includes("list: s3:ListBucket"), names.join(", "));
    assert.ok(names.includes("remove: s3:DeleteObject"), names.join(", "));
    for (const { message } of failed) assert.match(message!, /^the server denies s3:/);
    const many = Array.from({ length: 120 }, (_, index) => `many/${index}`);
    await put(world.open(host), Object.fromEntries(many.map((name) => [name, name])));
    assert.equal((await world.open(host).sizes(many)).size, 120, "sizes need no list");
  });
});
