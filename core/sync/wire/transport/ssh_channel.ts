import { LaminError } from "../../../../store/errors.ts";
import { FileError, type Host } from "../../../../store/host/host.ts";
import { type RunningProgram, startProgram } from "../../../../store/host/start_program.ts";
import type { Channel } from "../channel.ts";
import { PipeChannel } from "./pipe_channel.ts";
import { sshCommand } from "./ssh_command.ts";

/** Asks an instance on another machine, by `lamin serve --stdio` that ssh starts there. */
export async function sshChannel(host: Host, url: string): Promise<Channel> {
  const { program, args } = sshCommand(url, (name) => host.environment(name));
  let running: RunningProgram;
  try {
    running = await startProgram(program, args);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new LaminError("failed", `${program} cannot be run`, {
      hint: "install OpenSSH, or name another program in LAMIN_SSH",
      cause: error,
    });
  }
  let isAnswered = false;
  return new PipeChannel({
    next: async () => {
      const piece = await running.next();
      if (piece === undefined && !isAnswered) throw notReached(url, running);
      isAnswered = true;
      return piece;
    },
    write: async (bytes) => {
      try {
        await running.write(bytes);
      } catch (error) {
        if (error instanceof FileError) throw notReached(url, running);
        throw error;
      }
    },
    close: () => running.close(),
  });
}

/** Why the other side could not be asked, as ssh or the shell there said it last. */
function notReached(url: string, running: RunningProgram): LaminError {
  const { hostname } = new URL(url);
  const lines = running.said().split("\n").map((line) => line.trim()).filter(Boolean);
  const last = lines.at(-1)?.slice(0, 300);
  const reason = last === undefined ? "" : `: ${last}`;
  return new LaminError("failed", `there is no lamin to talk to on ${hostname}${reason}`, {
    hint: `try: ssh ${hostname} lamin --version; LAMIN_SSH_LAMIN names the program there`,
    data: { host: hostname },
  });
}
