import assert from "node:assert/strict";
import { openPostgres } from "../../../store/database/postgres/postgres.ts";
import { LaminError } from "../../../store/errors.ts";
import { denoHost } from "../../../store/host/deno.ts";
import type { Host } from "../../../store/host/host.ts";
import { asServer, type StartedPostgres } from "../../../tools/servers/postgres.ts";
import { missingPostgres, startServer, withClient } from "../../postgres_server.ts";
import { skippedName } from "../../skip.ts";

const secret = "s3cret:word";
const inUrl = encodeURIComponent(secret);

/** A server with TLS and passwords, and what is needed to be known there. */
interface Guarded extends StartedPostgres {
  readonly certificate: string;
  /** The address as somebody. */
  as(user: string, query?: string): string;
}

async function guardedServer(): Promise<Guarded> {
  const keys = Deno.makeTempDirSync({ prefix: "lamin-test-" });
  const made = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", `${keys}/key.pem`, "-out", `${keys}/cert.pem`],
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  if (!made.success) throw new Error("openssl failed");
  if (asServer.uid !== undefined) {
    for (const name of [keys, `${keys}/key.pem`, `${keys}/cert.pem`]) {
      Deno.chownSync(name, asServer.uid, asServer.gid);
    }
  }
  const server = await startServer([
    ...["ssl=on", `ssl_cert_file=${keys}/cert.pem`, `ssl_key_file=${keys}/key.pem`],
  ]);
  await withClient(server.url, async (sql) => {
    await sql.unsafe(`CREATE ROLE scram LOGIN PASSWORD '${secret}'`);
    await sql.unsafe("CREATE ROLE reader LOGIN");
    await sql.unsafe("CREATE ROLE full LOGIN CONNECTION LIMIT 0");
    await sql.unsafe("CREATE ROLE standby LOGIN");
    await sql.unsafe("ALTER ROLE standby SET default_transaction_read_only = on");
    await sql.unsafe("CREATE TABLE django_migrations (id integer)");
    await sql.unsafe("GRANT SELECT, UPDATE ON django_migrations TO reader");
    await sql.unsafe(
      "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 " +
        "LOCALE 'C' LOCALE_PROVIDER libc",
    );
  });
  const rules = [
    "host all scram 127.0.0.1/32 scram-sha-256",
    "host all scram ::1/128 scram-sha-256",
    "host all all all trust",
    "",
  ];
  Deno.writeTextFileSync(`${server.folder}/data/pg_hba.conf`, rules.join("\n"));
  await withClient(server.url, (sql) => sql.unsafe("SELECT pg_reload_conf()"));
  return {
    ...server,
    certificate: `${keys}/cert.pem`,
    as: (user, query = "") => `postgresql://${user}@127.0.0.1:${server.port}/postgres${query}`,
    stop: () => {
      server.stop();
      Deno.removeSync(keys, { recursive: true });
    },
  };
}

function hostWith(environment: Record<string, string>, home = "/nowhere"): Host {
  return {
    ...denoHost(),
    environment: (name) => environment[name],
    homeDirectory: () => home,
  };
}

async function opens(url: string, host = hostWith({})): Promise<void> {
  await (await openPostgres(host, { url })).close();
}

async function refused(url: string, code: string, words: RegExp, host = hostWith({})) {
  const error = await openPostgres(host, { url }).then(
    (database) => database.close().then(() => undefined),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LaminError, `${url}: ${error}`);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, words);
  const told = JSON.stringify(error) + error.message + error.hint;
  assert.ok(!told.includes(secret) && !told.includes(inUrl), "the password is told");
}

const steps: Readonly<Record<string, (server: Guarded) => Promise<void>>> = {
  async "what is not there"({ as, port }) {
    await refused(`postgresql://lamin@127.0.0.1:1/x`, "failed", /no server listens/);
    await refused("postgresql://lamin@no.such.invalid/x", "failed", /there is no host/);
    await refused("postgresql:///x?host=/nowhere", "failed", /no server listens at \/nowhere/);
    await refused(
      as("lamin").replace("/postgres", "/nothing"),
      "not_found",
      /no database 'nothing'/,
    );
    await refused(`postgresql://lamin@127.0.0.1:${port}/x?sslmode=some`, "usage", /no sslmode/);
    await refused(as("nobody"), "denied", /refuses 'nobody'/);
  },

  async "a password comes from the URL, the environment or a file that others cannot read"(
    { as, port },
  ) {
    await refused(as("scram"), "denied", /wants a password/);
    await refused(as("scram:wrong"), "denied", /refuses 'scram'/);
    await opens(as(`scram:${inUrl}`));
    await opens(as("scram"), hostWith({ PGPASSWORD: secret }));
    const folder = Deno.makeTempDirSync({ prefix: "lamin-test-" });
    try {
      const path = `${folder}/.pgpass`;
      const lines = [
        "# a remark",
        `127.0.0.1:${port + 1}:*:scram:wrong`,
        `*:${port}:postgres:scram:${secret.replace(":", "\\:")}`,
      ];
      Deno.writeTextFileSync(path, lines.join("\n"), { mode: 0o600 });
      await opens(as("scram"), hostWith({}, folder));
      await opens(as("scram"), hostWith({ PGPASSFILE: path }));
      Deno.chmodSync(path, 0o644);
      await refused(as("scram"), "denied", /others may read/, hostWith({}, folder));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },

  async "TLS as sslmode wants it"({ as, certificate, port }) {
    for (const mode of ["disable", "prefer", "require"]) {
      await opens(as("lamin", `?sslmode=${mode}`));
    }
    const strict = (mode: string) =>
      `postgresql://lamin@localhost:${port}/postgres?sslmode=${mode}&sslrootcert=${certificate}`;
    await opens(strict("verify-full"));
    await opens(strict("verify-ca").replace("localhost", "127.0.0.1"));
    await refused(strict("verify-full").replace("localhost", "127.0.0.1"), "denied", /certificate/);
    await refused(as("lamin", "?sslmode=verify-ca"), "denied", /not known by its certificate/);
    const plain = await startServer();
    try {
      await refused(`${plain.url}?sslmode=require`, "denied", /offers no TLS/);
      await opens(plain.url);
      await opens(`postgresql://lamin@/postgres?host=${plain.folder}&port=${plain.port}`);
    } finally {
      plain.stop();
    }
  },

  async "no password goes over a network in the clear"() {
    const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
    const heard: number[] = [];
    const serve = async () => {
      const near = await listener.accept();
      const buffer = new Uint8Array(4096);
      await near.read(buffer);
      await near.write(new TextEncoder().encode("N"));
      await near.read(buffer);
      // AuthenticationCleartextPassword
      await near.write(new Uint8Array([82, 0, 0, 0, 8, 0, 0, 0, 3]));
      heard.push((await near.read(buffer).catch(() => null)) ?? 0);
      near.close();
    };
    const served = serve();
    const own = Deno.networkInterfaces().find(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127.")
    )?.address;
    const { port } = listener.addr as Deno.NetAddr;
    if (own !== undefined) {
      const url = `postgresql://scram:${inUrl}@${own}:${port}/postgres`;
      await refused(url, "denied", /password in the clear/);
      await served;
      assert.deepEqual(heard, [0]);
    }
    listener.close();
  },

  async "who may not write reads, and is told"({ as }) {
    for (const user of ["standby"]) {
      const database = await openPostgres(hostWith({}), { url: as(user) });
      assert.equal(database.readOnly, true);
      await assert.rejects(database.write((writer) => writer.run("SELECT 1")), /cannot be written/);
      assert.deepEqual(await database.read((reader) => reader.all("SELECT 1 AS one")), [{
        one: 1,
      }]);
      await database.close();
    }
    const reader = await openPostgres(hostWith({}), { url: as("reader") });
    const failing = reader.write((writer) =>
      writer.run("INSERT INTO django_migrations VALUES (1)")
    );
    await assert.rejects(
      failing,
      (error) =>
        error instanceof LaminError && error.code === "denied" && /may not/.test(error.message),
    );
    await reader.close();
  },

  async "a server without room, and one with other letters"({ as }) {
    await refused(as("full"), "busy", /no more connections/);
    await refused(as("lamin").replace("/postgres", "/latin"), "failed", /as LATIN1, not as UTF8/);
  },
};

const name = "postgres: connecting";
const missing = missingPostgres();
Deno.test({
  name: missing === undefined ? name : skippedName(name, missing),
  ignore: missing !== undefined,
  async fn(context) {
    const server = await guardedServer();
    try {
      for (const [step, run] of Object.entries(steps)) await context.step(step, () => run(server));
    } finally {
      server.stop();
    }
  },
});
