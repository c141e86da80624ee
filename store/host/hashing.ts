import type { Hashing } from "./host.ts";

/** The hash functions of `node:crypto`, which every engine has. */
export async function loadHashing(): Promise<Hashing> {
  const { createHash, hash } = await import("node:crypto");
  return {
    create: (algorithm) => {
      const hasher = createHash(algorithm);
      return {
        update: (bytes) => void hasher.update(bytes),
        digest: () => Uint8Array.from(hasher.digest()),
      };
    },
    digest: (algorithm, bytes) => Uint8Array.from(hash(algorithm, bytes, "buffer")),
    textSha256: (text) => hash("sha256", text, "hex"),
  };
}
