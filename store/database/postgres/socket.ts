import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { LaminError } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import { join } from "../../path.ts";
import { isLocal, type ServerAddress } from "./server_address.ts";
import { connectFailure } from "./connect_failure.ts";

/** Asks for TLS before anything else (PostgreSQL manual, 55.7, SSLRequest). */
const sslRequest = new Uint8Array([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const yes = "S".charCodeAt(0);

/**
 * A connection to a server as far as its `sslmode` wants it: encrypted, and the server known by its
 * certificate. The library's own does not tell these wishes apart, and does not say what failed.
 *
 * Throws code "failed" when it is not reached, "denied" when it is not the one that was meant.
 */
export async function openSocket(host: Host, address: ServerAddress): Promise<Socket> {
  const isUnix = address.host.startsWith("/");
  const plain = await opened(
    address,
    () =>
      isUnix
        ? connectTcp({ path: join(address.host, `.s.PGSQL.${address.port}`) })
        : connectTcp({ host: address.host, port: address.port, noDelay: true }),
  );
  if (isUnix || address.sslMode === "disable" || address.sslMode === "allow") {
    return guarded(plain, address);
  }
  if (!await offersTls(plain, address)) {
    if (address.sslMode === "prefer") return guarded(plain, address);
    plain.destroy();
    throw new LaminError("denied", `the server of ${address.shown} offers no TLS`, {
      hint: "let the server have a certificate; sslmode=disable goes without, in the clear",
    });
  }
  const options = tlsOptions(host, address);
  return await opened(
    address,
    () => connectTls({ ...options, socket: plain }),
    "secureConnect",
  );
}

function opened(
  address: ServerAddress,
  connect: () => Socket,
  event = "connect",
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect();
    const fail = (error: unknown) => {
      socket.destroy();
      reject(connectFailure(error, address));
    };
    const timer = setTimeout(
      () => fail(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      1000 * address.timeoutSeconds,
    );
    const ended = () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    socket.once("error", fail);
    socket.once("close", ended);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeListener("error", fail);
      socket.removeListener("close", ended);
      resolve(socket);
    });
    socket.once("close", () => clearTimeout(timer));
  });
}

async function offersTls(socket: Socket, address: ServerAddress): Promise<boolean> {
  const answer = await new Promise<Uint8Array>((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
      1000 * address.timeoutSeconds,
    );
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error(), { code: "ECONNRESET" })));
    socket.once("data", (bytes) => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.removeAllListeners("close");
      resolve(bytes);
    });
    socket.write(sslRequest);
  }).catch((error: unknown) => {
    throw connectFailure(error, address);
  });
  // More than the answer could be words that somebody on the way put before the encrypted ones.
  if (answer.length === 1) return answer[0] === yes;
  socket.destroy();
  throw new LaminError("failed", `what answers at ${address.shown} is no Postgres server`, {
    hint: "see whether host and port are right",
  });
}

function tlsOptions(host: Host, address: ServerAddress): ConnectionOptions {
  const { sslMode, rootCertificate, certificate, key } = address;
  const read = (path: string) => new TextDecoder().decode(host.files.readFile(path));
  const usual = join(host.homeDirectory(), ".postgresql", "root.crt");
  const isChecked = sslMode.startsWith("verify") ||
    (sslMode === "require" && rootCertificate !== undefined);
  const root = rootCertificate ?? (isChecked && host.files.stat(usual) !== null ? usual : "system");
  return {
    // The name that the certificate is to have; without it that would be `localhost`.
    host: address.host,
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    rejectUnauthorized: isChecked,
    ...(isChecked && root !== "system" ? { ca: read(root) } : {}),
    ...(sslMode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...(certificate === undefined ? {} : { cert: read(certificate) }),
    ...(key === undefined ? {} : { key: read(key) }),
  };
}

/**
 * Sees to it that no password goes over a network as it is: a server may ask for one so
 * (AuthenticationCleartextPassword), and the library would give it.
 */
function guarded(socket: Socket, address: ServerAddress): Socket {
  if (isLocal(address)) return socket;
  socket.once("data", (bytes: Uint8Array) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const asksForPassword = bytes.length >= 9 && bytes[0] === "R".charCodeAt(0) &&
      view.getUint32(5) === 3;
    if (!asksForPassword) return;
    socket.destroy(
      new LaminError("denied", `the server of ${address.shown} wants the password in the clear`, {
        hint: "use TLS with ?sslmode=verify-full, or let the server use scram-sha-256",
      }),
    );
  });
  return socket;
}
