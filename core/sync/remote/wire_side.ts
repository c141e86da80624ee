import { LaminError } from "../../../store/errors.ts";
import type { Host } from "../../../store/host/host.ts";
import type { Registry } from "../../registry/registry.ts";
import { shapesOf } from "../open_side.ts";
import type { Channel } from "../wire/channel.ts";
import { type Hello, readHello } from "../wire/peer/hello.ts";
import { WirePeer } from "../wire/peer/wire_peer.ts";
import { kindOf } from "./remotes.ts";
import { tokenForServer } from "./server_tokens.ts";

/** An instance behind a connection. */
export interface WireSide {
  readonly url: string;
  readonly channel: Channel;
  readonly hello: Hello;
  /** As the source of a sync. */
  source(registries: readonly Registry[]): Promise<WirePeer>;
  close(): Promise<void>;
}

/**
 * Connects with the instance at a URL `http(s)://…` or `ssh://…` that the user named. Throws code
 * "denied" or "failed" when it cannot be had.
 */
export async function connectWire(host: Host, url: string): Promise<WireSide> {
  const channel = await channelTo(host, url);
  const peers: WirePeer[] = [];
  const close = async () => {
    for (const peer of peers) peer.end();
    await channel.close();
  };
  try {
    const hello = await readHello(channel);
    return {
      url,
      channel,
      hello,
      source: async (registries) => {
        const hashing = await host.hashing();
        const { uid, slug } = hello;
        const shapes = shapesOf(registries);
        const peer = new WirePeer({ channel, host, hashing, shapes, uid, slug });
        peers.push(peer);
        return peer;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function channelTo(host: Host, url: string): Promise<Channel> {
  if (kindOf(url) === "ssh") {
    const { sshChannel } = await import("../wire/transport/ssh_channel.ts");
    return await sshChannel(host, url);
  }
  const { search, hash } = new URL(url);
  if (search !== "" || hash !== "") {
    throw new LaminError("usage", "the address of a server has no '?' or '#'", {
      hint: "write https://host or https://host/folder",
    });
  }
  const { HttpChannel } = await import("../wire/transport/http_channel.ts");
  return new HttpChannel({ url, token: tokenForServer(host, url) });
}
