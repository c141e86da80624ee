import { LaminError } from "../../errors.ts";
import { FileError, type Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { type AwsSections, parseAwsFile } from "./aws_files.ts";
import { parseEndpoint } from "./s3_location.ts";

/** The keys of one user of a server. Never printed, never stored. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  /** Where they were found, for sentences: "the environment", "profile lab". */
  readonly origin: string;
}

/** What the user's environment says of S3. */
export interface S3Settings {
  /** Undefined to ask without signature, as for public data. */
  readonly credentials: Credentials | undefined;
  readonly region: string | undefined;
  /** The server that is meant where the storage names none. */
  readonly endpoint: URL | undefined;
}

/** What is asked of the host to find them. */
export type CredentialHost = Pick<Host, "environment" | "homeDirectory" | "files">;

/**
 * Finds credentials, region and endpoint where AWS's tools do: in the environment, else in the
 * profile that AWS_PROFILE names, else in `default`. Throws code "failed" when AWS_PROFILE names
 * one that is not there, or one whose keys only AWS's own tools can get.
 */
export function findS3Settings(host: CredentialHost): S3Settings {
  const named = host.environment("AWS_PROFILE");
  const profile = readProfile(host, named ?? "default");
  if (named !== undefined && profile === undefined) {
    throw new LaminError(
      "failed",
      `AWS_PROFILE names ${JSON.stringify(named)}, which is not there`,
      {
        hint: "see 'aws configure list-profiles', or unset AWS_PROFILE",
        data: { profile: named },
      },
    );
  }
  const endpoint = host.environment("AWS_ENDPOINT_URL_S3") ??
    host.environment("AWS_ENDPOINT_URL") ??
    profile?.get("endpoint_url");
  return {
    credentials: ofEnvironment(host) ?? ofProfile(profile, named ?? "default"),
    region: host.environment("AWS_REGION") ?? host.environment("AWS_DEFAULT_REGION") ??
      profile?.get("region"),
    endpoint: endpoint === undefined ? undefined : parseEndpoint(endpoint),
  };
}

function ofEnvironment(host: CredentialHost): Credentials | undefined {
  const accessKeyId = host.environment("AWS_ACCESS_KEY_ID");
  const secretAccessKey = host.environment("AWS_SECRET_ACCESS_KEY");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = host.environment("AWS_SESSION_TOKEN");
  return { accessKeyId, secretAccessKey, sessionToken, origin: "the environment" };
}

function ofProfile(
  profile: ReadonlyMap<string, string> | undefined,
  name: string,
): Credentials | undefined {
  const accessKeyId = profile?.get("aws_access_key_id");
  const secretAccessKey = profile?.get("aws_secret_access_key");
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const sessionToken = profile?.get("aws_session_token");
    return { accessKeyId, secretAccessKey, sessionToken, origin: `profile ${name}` };
  }
  const other = ["credential_process", "sso_session", "sso_start_url", "role_arn"]
    .find((key) => profile?.has(key));
  if (other === undefined) return undefined;
  throw new LaminError("failed", `profile ${name} has no keys of its own (${other})`, {
    hint:
      `put them into the environment: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
    data: { profile: name },
  });
}

/** The credentials file counts more than the config file, as in AWS's tools. */
function readProfile(host: CredentialHost, name: string): ReadonlyMap<string, string> | undefined {
  const folder = join(host.homeDirectory(), ".aws");
  const config = sectionsOf(host, host.environment("AWS_CONFIG_FILE") ?? join(folder, "config"));
  const keys = sectionsOf(
    host,
    host.environment("AWS_SHARED_CREDENTIALS_FILE") ?? join(folder, "credentials"),
  );
  const [first, second] = [config.get(name), keys.get(name)];
  if (first === undefined && second === undefined) return undefined;
  return new Map([...first ?? [], ...second ?? []]);
}

function sectionsOf(host: CredentialHost, path: string): AwsSections {
  try {
    return parseAwsFile(new TextDecoder().decode(host.files.readFile(path)));
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return new Map();
    throw error;
  }
}
