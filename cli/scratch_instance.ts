import { openInstance } from "../core/instance/open.ts";
import type { Instance } from "../core/instance/instance.ts";
import type { MakeInstance } from "../core/rerun/scratch_instance.ts";
import { makeClone } from "../core/sync/clone/make_clone.ts";
import { instancePeer } from "../core/sync/instance_peer.ts";
import { transfer } from "../core/sync/transfer.ts";
import type { Host } from "../store/host/host.ts";
import type { Context } from "./context.ts";
import { allRegistries, modules } from "./modules.ts";
import { describeSide } from "./remote_instance.ts";

/**
 * Makes instances for reruns: clones that read the bytes in place, whose settings lie in a folder
 * of theirs, so that nobody else finds them.
 */
export function scratchInstances(context: Context, source: Instance): MakeInstance {
  return async ({ folder, settings, name }) => {
    const host = withSettings(context.host, settings);
    const registries = allRegistries();
    const openRemote = await context.remotes();
    const card = await describeSide({ instance: source });
    const made = await makeClone(host, card, {
      folder,
      name,
      modules: modules.map(({ name }) => name).filter((name) => card.modules.includes(name)),
      knownModules: modules,
      registries,
      openRemote,
    });
    const open = () =>
      openInstance(host, {
        wanted: made.workTree,
        loadRegistries: () => Promise.resolve(registries),
        openRemote,
      });
    const target = await open();
    try {
      await transfer({
        source: await instancePeer(source, registries),
        target,
        registries,
        modules,
        remote: "rerun",
        zeroCopy: true,
        data: "none",
        dryRun: false,
      }, context.operation("rerun"));
    } finally {
      await target.close();
    }
    return open;
  };
}

function withSettings(host: Host, settings: string): Host {
  return {
    ...host,
    environment: (name) => {
      if (name === "LAMIN_SETTINGS_DIR") return settings;
      return name === "LAMIN_CURRENT_INSTANCE" ? undefined : host.environment(name);
    },
  };
}
