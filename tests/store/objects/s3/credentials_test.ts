import assert from "node:assert/strict";
import { currentHost } from "../../../../store/host/select.ts";
import { LaminError } from "../../../../store/errors.ts";
import { parseAwsFile } from "../../../../store/objects/s3/aws_files.ts";
import { findS3Settings } from "../../../../store/objects/s3/credentials.ts";
import { encodeKey } from "../../../../store/objects/remote/encode_key.ts";
import { parseS3Root, urlOf } from "../../../../store/objects/s3/s3_location.ts";

const host = await currentHost();

function settingsOf(environment: Record<string, string>, files: Record<string, string> = {}) {
  const home = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  try {
    Deno.mkdirSync(`${home}/.aws`);
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${home}/.aws/${name}`, text);
    }
    return findS3Settings({
      files: host.files,
      homeDirectory: () => home,
      environment: (name) => environment[name],
    });
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

const credentials = `
# mine
[default]
aws_access_key_id = A1
aws_secret_access_key=S/1+=
[ lab ]
aws_access_key_id=A2
aws_secret_access_key=S2
aws_session_token=T2
`;
const config = `
[default]
region = eu-west-1
s3 =
  max_concurrent_requests = 20
[profile lab]
region=us-west-2
endpoint_url = https://s3.lab.example
[profile robot]
credential_process = /bin/robot
`;

Deno.test("S3 credentials: from the environment, else from the profile", () => {
  const files = { credentials, config };
  const usual = settingsOf({}, files);
  assert.deepEqual(usual.credentials, {
    accessKeyId: "A1",
    secretAccessKey: "S/1+=",
    sessionToken: undefined,
    origin: "profile default",
  });
  assert.deepEqual([usual.region, usual.endpoint], ["eu-west-1", undefined]);
  const lab = settingsOf({ AWS_PROFILE: "lab" }, files);
  assert.deepEqual([lab.credentials?.accessKeyId, lab.credentials?.sessionToken], ["A2", "T2"]);
  assert.deepEqual([lab.region, lab.endpoint?.href], ["us-west-2", "https://s3.lab.example/"]);
  const own = settingsOf({
    AWS_ACCESS_KEY_ID: "A3",
    AWS_SECRET_ACCESS_KEY: "S3",
    AWS_SESSION_TOKEN: "T3",
    AWS_REGION: "ap-east-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9000",
  }, files);
  assert.deepEqual([own.credentials?.accessKeyId, own.credentials?.sessionToken], ["A3", "T3"]);
  assert.deepEqual([own.region, own.endpoint?.href], ["ap-east-1", "http://127.0.0.1:9000/"]);
  assert.equal(settingsOf({}).credentials, undefined);
});

Deno.test("S3 credentials: what cannot be used is told of", () => {
  const files = { credentials, config };
  const fails = (environment: Record<string, string>, words: RegExp) =>
    assert.throws(
      () => settingsOf(environment, files),
      (error) => error instanceof LaminError && words.test(`${error.message} ${error.hint}`),
    );
  fails({ AWS_PROFILE: "nobody" }, /names "nobody", which is not there/);
  fails({ AWS_PROFILE: "robot" }, /credential_process.*export-credentials --profile robot/);
  fails({ AWS_ENDPOINT_URL: "https://user:word@host" }, /not the address of a server/);
});

Deno.test("S3 credentials: files are read as AWS's tools read them", () => {
  const sections = parseAwsFile("a=1\r\n[x]\r\nKey = v = w # c\r\n;[y]\n[profile 'z z']\nk=\n");
  assert.deepEqual([...sections.keys()], ["x", "z z"]);
  assert.deepEqual([...sections.get("x")!], [["key", "v = w"]]);
});

Deno.test("S3 locations: roots as LaminDB writes them", () => {
  const plain = parseS3Root("s3://my.bucket/a/b/");
  assert.deepEqual([plain.bucket, plain.prefix, plain.endpoint], ["my.bucket", "a/b/", undefined]);
  const own = parseS3Root("s3://lab?endpoint_url=http%3A%2F%2F127.0.0.1%3A9000");
  assert.deepEqual([own.prefix, own.endpoint?.origin], ["", "http://127.0.0.1:9000"]);
  assert.equal(urlOf(own, "us-east-1", "a b/ü").href, "http://127.0.0.1:9000/lab/a%20b/%C3%BC");
  const aws = parseS3Root("s3://lab/x");
  assert.equal(urlOf(aws, "eu-west-1", "x/1").href, "https://lab.s3.eu-west-1.amazonaws.com/x/1");
  assert.equal(urlOf(plain, "eu-west-1").href, "https://s3.eu-west-1.amazonaws.com/my.bucket/");
  assert.equal(urlOf(aws, "cn-north-1").host, "lab.s3.cn-north-1.amazonaws.com.cn");
  assert.equal(parseS3Root("gs://lab").endpoint?.host, "storage.googleapis.com");
  assert.equal(encodeKey("a/!'()*+ %"), "a/%21%27%28%29%2A%2B%20%25");
  const bad = [
    "s3://",
    "s3:///a",
    "s3://b/../c",
    "s3://b//c",
    "s3://a..b",
    "s3://b?endpoint_url=ftp://h",
  ];
  for (
    const root of [...bad, "s3://b?endpoint_url=http://u:p@h", "s3://b?endpoint_url=http://h/x"]
  ) {
    assert.throws(() => parseS3Root(root), LaminError, root);
  }
});
