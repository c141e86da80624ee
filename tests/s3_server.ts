import { AwsClient } from "aws4fetch";
import type { Host } from "../store/host/host.ts";

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
  const { success, stderr } = await new Deno.Command(program()!, {
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
export const noS3Server: string | undefined = program() === undefined
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

function program(): string | undefined {
  const named = Deno.env.get("LAMIN_TEST_VERSITYGW");
  const places = (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/versitygw`);
  return [...named ? [named] : places].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

async function start(): Promise<S3Server> {
  const root = Deno.makeTempDirSync({ prefix: "lamin-test-s3-" });
  Deno.mkdirSync(`${root}/buckets`);
  Deno.mkdirSync(`${root}/users`);
  for (let attempt = 0;; attempt++) {
    const port = freePort();
    const child = new Deno.Command(program()!, {
      args: ["--port", `127.0.0.1:${port}`, "--keep-alive", "--quiet", "--iam-dir", `${root}/users`]
        .concat(["posix", `${root}/buckets`]),
      env: {
        ROOT_ACCESS_KEY: s3Keys.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: s3Keys.AWS_SECRET_ACCESS_KEY,
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    child.unref();
    globalThis.addEventListener("unload", () => {
      child.kill("SIGKILL");
      Deno.removeSync(root, { recursive: true });
    });
    if (await answers(port, child.status)) return serverOf(root, port);
    // Another program took the port meanwhile.
    if (attempt === 5) throw new Error("the S3 server does not start");
  }
}

function serverOf(root: string, port: number): S3Server {
  let count = 0;
  const client = new AwsClient({
    accessKeyId: s3Keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: s3Keys.AWS_SECRET_ACCESS_KEY,
    service: "s3",
    region: "us-east-1",
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: async () => {
      const name = `bucket-${Deno.pid}-${count++}`;
      const answer = await client.fetch(`http://127.0.0.1:${port}/${name}`, { method: "PUT" });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(text);
      return name;
    },
    folderOf: (bucket) => `${root}/buckets/${bucket}`,
  };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Whether the server answers; false when its process ends first. */
async function answers(port: number, ended: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  ended.then(() => isOver = true);
  while (!isOver) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/`)).body?.cancel();
      return !isOver;
    } catch {
      // It does not listen yet: asking again is what waits.
      await new Promise((done) => setTimeout(done, 5));
    }
  }
  return false;
}
