/** A real sshd on a free port of this machine, with keys and settings of its own. */

import { command, denoFolder } from "../lamin.ts";
import type { Runnable } from "./served.ts";
import { testEnvironment } from "../test_database.ts";

const paths = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];

const sshd = paths.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Why tests over ssh are skipped, when they are. */
export const noSshd = sshd === undefined ? "there is no sshd" : undefined;

export interface SshServer {
  /** `ssh://root@127.0.0.1:port` */
  readonly origin: string;
  /** What `LAMIN_SSH` and `LAMIN_SSH_LAMIN` have to be. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a server whose users have the home and settings of a lab. */
export async function withSsh(
  lab: Omit<Runnable, "root">,
  work: (server: SshServer) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "lamin-test-ssh-" });
  Deno.chmodSync(folder, 0o700);
  try {
    for (const name of ["host", "user"]) {
      await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${name}`);
    }
    Deno.copyFileSync(`${folder}/user.pub`, `${folder}/authorized_keys`);
    const port = freePort();
    writeSettings(folder, port);
    writeProgram(`${folder}/lamin there`, lab);
    const user = Deno.env.get("USER") ?? (await run("id", "-un")).trim();
    const hostKey = Deno.readTextFileSync(`${folder}/host.pub`).split(" ").slice(0, 2).join(" ");
    Deno.writeTextFileSync(`${folder}/known_hosts`, `[127.0.0.1]:${port} ${hostKey}\n`);
    // sshd wants this folder, which its service would have made.
    try {
      Deno.mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    } catch {
      // Only root needs it, and may make it.
    }
    const child = new Deno.Command(sshd!, {
      args: ["-D", "-e", "-f", `${folder}/sshd_config`],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const errors = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    try {
      await untilListening(errors);
      void drain(errors);
      await work({
        origin: `ssh://${user}@127.0.0.1:${port}`,
        environment: {
          LAMIN_SSH: `ssh -F ${folder}/ssh_config`,
          LAMIN_SSH_LAMIN: `${folder}/lamin there`,
        },
      });
    } finally {
      child.kill("SIGTERM");
      await child.status;
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function writeSettings(folder: string, port: number): void {
  Deno.writeTextFileSync(
    `${folder}/sshd_config`,
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      `PidFile ${folder}/pid`,
      "StrictModes no",
      "UsePAM no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin yes",
      "",
    ].join("\n"),
  );
  Deno.writeTextFileSync(
    `${folder}/ssh_config`,
    [
      "Host *",
      `  IdentityFile ${folder}/user`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${folder}/known_hosts`,
      "  GlobalKnownHostsFile /dev/null",
      "  BatchMode yes",
      "",
    ].join("\n"),
  );
}

/** The program as it is installed there, in a folder with a blank. */
function writeProgram(path: string, { home, environment = {} }: Omit<Runnable, "root">): void {
  const { program, args } = command();
  const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const quoted = [program, ...args].map(quote).join(" ");
  const variables = Object.entries({
    ...testEnvironment,
    ...environment,
    HOME: home,
    DENO_DIR: denoFolder(),
    NO_COLOR: "1",
  }).map(([name, value]) => `${name}=${quote(value)}`).join(" ");
  Deno.writeTextFileSync(path, `#!/bin/sh\nexport ${variables}\nexec ${quoted} "$@"\n`);
  Deno.chmodSync(path, 0o755);
}

async function untilListening(errors: ReadableStreamDefaultReader<string>): Promise<void> {
  let text = "";
  while (!/Server listening/.test(text)) {
    const { done, value } = await errors.read();
    if (done) throw new Error(`sshd ended: ${text}`);
    text += value;
  }
}

async function drain(errors: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await errors.read()).done);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${program}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
