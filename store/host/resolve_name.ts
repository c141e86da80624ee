/** The addresses of a host's name; none where they cannot be told, as behind some proxies. */
export async function resolveName(name: string): Promise<readonly string[]> {
  try {
    const { lookup } = await import("node:dns/promises");
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
