import { LaminError } from "../../../../store/errors.ts";
import type { Channel } from "../channel.ts";
import { notSpoken } from "../frame.ts";
import { countIn, listIn, orNull, textIn } from "../json.ts";
import type { InstanceCard } from "../../instance_card.ts";
import { protocolVersion } from "../service/source_service.ts";

/** What an instance behind a connection says of itself. */
export interface Hello extends InstanceCard {
  readonly uid: string;
  /** `owner/name`. */
  readonly slug: string;
}

/** Asks who is there. Throws code "failed" for what is no instance, or one of another version. */
export async function readHello(channel: Channel): Promise<Hello> {
  const answer = await channel.call("hello", {});
  try {
    const { protocol, uid, slug, id, name, modules, artifacts, stamp } = await answer.end();
    if (protocol !== protocolVersion) {
      throw new LaminError("failed", "the other side has lamin of another version", {
        hint: "update the older of the two",
      });
    }
    return {
      uid: matching(uid, /^[A-Za-z0-9]{12}$/),
      slug: matching(slug, /^[^/\s]{1,100}\/[^/\s]{1,200}$/),
      id: matching(id, /^[0-9a-f]{32}$/),
      name: matching(name, /^[^/\s]{1,200}$/),
      modules: listIn(modules, 100).map((one) => matching(one, /^[a-z][a-z0-9_]{0,63}$/)),
      artifacts: countIn(artifacts),
      stamp: orNull(stamp, (one) => textIn(one, 100)),
    };
  } finally {
    answer.discard();
  }
}

function matching(value: unknown, pattern: RegExp): string {
  const text = textIn(value, 400);
  if (pattern.test(text)) return text;
  throw notSpoken();
}
