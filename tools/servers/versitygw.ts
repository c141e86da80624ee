import { AwsClient } from "aws4fetch";
import { freePort } from "./free_port.ts";

/** The keys of whoever may do everything on an S3 server. */
export interface S3Keys {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
}

/** A running versitygw, which keeps buckets as folders and objects as files in them. */
export interface StartedVersitygw {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  /** Makes an empty bucket. @throws with the server's words. */
  makeBucket(name: string): Promise<void>;
  /** Ends the server at once; its files stay. */
  readonly stop: () => void;
}

export interface VersitygwOptions {
  readonly keys: S3Keys;
  /** Folder that is there, whose folders are the buckets. */
  readonly buckets: string;
  /** Folder that is there, for users besides the one of the keys. */
  readonly users?: string;
  /** A port to listen on besides a free one. */
  readonly port?: number;
  /** Whether links to folders are buckets, too. */
  readonly links?: boolean;
}

/** The program that LAMIN_TEST_VERSITYGW names, or one in a folder of the PATH or of `others`. */
export function findVersitygw(others: readonly string[] = []): string | undefined {
  const named = Deno.env.get("LAMIN_TEST_VERSITYGW");
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), ...others];
  const places = folders.map((folder) => `${folder}/versitygw`);
  return [...named ? [named] : places].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Starts a server on this machine and waits until it answers. */
export async function startVersitygw(
  program: string,
  options: VersitygwOptions,
): Promise<StartedVersitygw> {
  for (let attempt = 0;; attempt++) {
    const port = freePort();
    const child = new Deno.Command(program, {
      args: wordsFor(port, options),
      env: {
        ROOT_ACCESS_KEY: options.keys.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: options.keys.AWS_SECRET_ACCESS_KEY,
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    child.unref();
    const endpoint = `http://127.0.0.1:${port}`;
    if (await answers(endpoint, child.status)) {
      const makeBucket = (name: string) => newBucket(endpoint, options.keys, name);
      return { endpoint, makeBucket, stop: () => child.kill("SIGKILL") };
    }
    // Another program took the port meanwhile.
    if (attempt === 5) throw new Error("the S3 server does not start");
  }
}

function wordsFor(port: number, { buckets, users, port: other, links }: VersitygwOptions) {
  return [
    ...["--port", `127.0.0.1:${port}`, "--keep-alive", "--quiet"],
    ...other === undefined ? [] : ["--port", `127.0.0.1:${other}`],
    ...users === undefined ? [] : ["--iam-dir", users],
    "posix",
    ...links ? ["--bucketlinks"] : [],
    buckets,
  ];
}

async function newBucket(endpoint: string, keys: S3Keys, name: string): Promise<void> {
  const client = s3Client(keys);
  const answer = await client.fetch(`${endpoint}/${name}`, { method: "PUT" });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(text);
}

/** Signs requests by these keys. */
export function s3Client(keys: S3Keys): AwsClient {
  return new AwsClient({
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
    service: "s3",
    region: "us-east-1",
  });
}

/** Whether the server answers; false when its process ends first. */
async function answers(endpoint: string, ended: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  ended.then(() => isOver = true);
  while (!isOver) {
    try {
      await (await fetch(`${endpoint}/`)).body?.cancel();
      return !isOver;
    } catch {
      // It does not listen yet: asking again is what waits.
      await new Promise((done) => setTimeout(done, 5));
    }
  }
  return false;
}
