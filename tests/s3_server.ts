import type { Host } from "../store/host/host.ts";
import { findVersitygw, startVersitygw } from "../tools/servers/versitygw.ts";

/** A real S3 server on this machine with a bucket of its own for each test. */
export interface S3Server {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** A new empty bucket; returns its name. */
  bucket(): Promise<string>;
  /** The local folder in which a bucket's objects are files. */
  folderOf(bucket: string): string;
}

/** A user who may do nothing until a bucket's policy says so. */
export async function userOf(server: S3Server): Promise<{ name: string; secret: string }> {
  const [name, secret] = [`user${users++}`, "secret-of-a-user"];
  const { success, stderr } = await new Deno.Command(findVersitygw()!, {
    args: ["admin", "--access", s3Keys.AWS_ACCESS_KEY_ID, "--secret", s3Keys.AWS_SECRET_ACCESS_KEY]
      .concat(["--endpoint-url", server.endpoint, "create-user", "--access", name])
      .concat(["--secret", secret, "--role", "user"]),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { name, secret };
}

let users = 0;

/** The server's only keys. */
export const s3Keys = { AWS_ACCESS_KEY_ID: "testkey", AWS_SECRET_ACCESS_KEY: "testsecret" };

/** Why tests with a real server are skipped; undefined where there is one. */
export const noS3Server: string | undefined = findVersitygw() === undefined
  ? "versitygw is neither on the PATH nor in LAMIN_TEST_VERSITYGW"
  : undefined;

let running: Promise<S3Server> | undefined;

/** The server of this test process; it ends with it. */
export function s3Server(): Promise<S3Server> {
  return running ??= start();
}

/** A host whose environment holds the server's keys and nothing else about S3. */
export function withKeys(host: Host, environment: Readonly<Record<string, string>> = s3Keys): Host {
  return {
    ...host,
    homeDirectory: () => "/nonexistent",
    environment: (name) => name.startsWith("AWS_") ? environment[name] : host.environment(name),
  };
}

async function start(): Promise<S3Server> {
  const root = Deno.makeTempDirSync({ prefix: "lamin-test-s3-" });
  const [buckets, users] = [`${root}/buckets`, `${root}/users`];
  for (const folder of [buckets, users]) Deno.mkdirSync(folder);
  const server = await startVersitygw(findVersitygw()!, { keys: s3Keys, buckets, users });
  globalThis.addEventListener("unload", () => {
    server.stop();
    Deno.removeSync(root, { recursive: true });
  });
  let count = 0;
  return {
    endpoint: server.endpoint,
    bucket: async () => {
      const name = `bucket-${Deno.pid}-${count++}`;
      await server.makeBucket(name);
      return name;
    },
    folderOf: (bucket) => `${buckets}/${bucket}`,
  };
}
