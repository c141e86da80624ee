import { identityOf } from "../core/instance/identity.ts";
import { openInstance } from "../core/instance/open.ts";
import { tokenFor, tokensOf } from "../core/sync/serve/tokens.ts";
import { Turns } from "../core/sync/wire/channel.ts";
import {
  readInstance,
  type ServedInstance,
  writeInstance,
} from "../core/sync/wire/service/instance_service.ts";
import { HttpService, type Permission } from "../core/sync/wire/transport/http_service.ts";
import { LaminError } from "../store/errors.ts";
import { type HttpServer, listenHttp } from "../store/host/http_server.ts";
import { untilInterrupted } from "../store/host/until_interrupted.ts";
import type { Context } from "./context.ts";
import { exitCode } from "./exit.ts";
import { allRegistries, modules } from "./modules.ts";

export interface ServeOptions {
  /** `host:port` */
  readonly listen: string;
  readonly isReadOnly: boolean;
  /** Whether everybody may read. */
  readonly isPublic: boolean;
}

/** Answers by HTTP until it is interrupted. */
export async function serveHttp(context: Context, options: ServeOptions): Promise<number> {
  const { output } = context;
  const instance = await context.instance({ readOnly: true });
  const { id } = await identityOf(instance);
  const address = addressIn(options.listen);
  if (!options.isPublic && tokensOf(context.host, id).length === 0) {
    throw new LaminError("usage", "nobody has a token yet", {
      hint: "'lamin serve token add NAME' makes one; --public lets everybody read",
    });
  }
  const service = await serviceOf(context, id, options);
  const server = await listening(address, options.listen, service);
  try {
    const host = address.host.includes(":") ? `[${address.host}]` : address.host;
    const url = `http://${host}:${server.port}`;
    output.result(
      { url, slug: instance.slug },
      () =>
        `serving ${output.safe(instance.slug)} at ${url} ${output.paint.dim("(Ctrl-C ends it)")}`,
    );
    await untilInterrupted();
    return exitCode.ok;
  } finally {
    service.close();
    await server.close();
  }
}

async function serviceOf(
  context: Context,
  instanceId: string,
  { isReadOnly, isPublic }: ServeOptions,
): Promise<HttpService> {
  const { host } = context;
  const hashing = await host.hashing();
  const openRemote = await context.remotes();
  const registries = allRegistries();
  const served: ServedInstance = {
    registries,
    modules,
    turns: new Turns(),
    open: ({ readOnly }) =>
      openInstance(host, {
        wanted: context.wanted,
        readOnly,
        loadRegistries: () => Promise.resolve(registries),
        openRemote,
      }),
  };
  const permission = (text: string | undefined): Permission | undefined => {
    // Read each time, so that one that was taken back is of no use any more.
    const token = text === undefined
      ? undefined
      : tokenFor(tokensOf(host, instanceId), hashing, text);
    if (token !== undefined) {
      return { who: token.name, canWrite: token.canWrite && !isReadOnly };
    }
    return isPublic && text === undefined ? { who: undefined, canWrite: false } : undefined;
  };
  return new HttpService({
    // Async, so that it rejects.
    // deno-lint-ignore require-await
    permission: async (text) => permission(text),
    read: (op, args) => readInstance(served, op, args),
    write: (args, back, who) => writeInstance(served, args, back, who),
    sessionName: () => host.randomBytes(16).toBase64({ alphabet: "base64url", omitPadding: true }),
    failed: (error) => context.output.warn(`a request failed: ${String(error)}`),
  });
}

async function listening(
  address: { readonly host: string; readonly port: number },
  listen: string,
  service: HttpService,
): Promise<HttpServer> {
  try {
    return await listenHttp(address, (request) => service.answer(request));
  } catch (error) {
    throw new LaminError("failed", `cannot listen on ${listen}`, {
      hint: "another program may: choose another port with --listen",
      cause: error,
    });
  }
}

function addressIn(listen: string): { host: string; port: number } {
  const [, inBrackets, name, port] = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(listen) ??
    [];
  if (port !== undefined && Number(port) < 65536) {
    return { host: inBrackets ?? name!, port: Number(port) };
  }
  throw new LaminError("usage", `'${listen}' is no address to listen on`, {
    hint: "write host:port, for example 127.0.0.1:7420 or [::1]:7420",
  });
}
