import { bytesChanged } from "../../core/diff/compare.ts";
import { firstDifference } from "../../core/diff/common_bytes.ts";
import { Tally } from "../../core/diff/tally.ts";
import type { Format, Source } from "../../core/format/format.ts";
import { hex } from "../../core/identity/hex.ts";
import type { Host } from "../../store/host/host.ts";

/**
 * Any content: its size, its SHA-256 and the first byte that differs. Comes last in a list of
 * formats.
 */
export function binaryFormat(host: Pick<Host, "hashing">): Format {
  return {
    name: "binary",
    hasKeys: false,
    sniff: () => true,
    async describe(source) {
      return { format: "binary", size: source.size, sha256: await sha256Of(host, source) };
    },
    async *diff(before, after, options) {
      const tally = new Tally([], options.changesMax);
      const offset = await firstDifference(before, after);
      if (offset !== null) {
        tally.differs();
        if (tally.give()) {
          const [a, b] = [await identity(host, before), await identity(host, after)];
          yield bytesChanged(a, b, offset);
        }
      }
      yield tally.summary("binary", before, after);
    },
  };
}

async function identity(host: Pick<Host, "hashing">, source: Source) {
  return { size: source.size, sha256: await sha256Of(host, source) };
}

async function sha256Of(host: Pick<Host, "hashing">, source: Source): Promise<string> {
  if (source.sha256 !== undefined) return source.sha256;
  const hasher = (await host.hashing()).create("sha256");
  for await (const bytes of source.stream()) hasher.update(bytes);
  return hex(hasher.digest());
}
