/** Loaded before the program: whoever asks for the network or for native code fails. */

const refuse = (name: string) => () => {
  throw new Error(`${name} is not to be used here`);
};

for (const name of ["connect", "connectTls", "listen", "resolveDns", "dlopen"]) {
  Object.defineProperty(Deno, name, { value: refuse(`Deno.${name}`) });
}
for (const name of ["fetch", "WebSocket"]) {
  Object.defineProperty(globalThis, name, { value: refuse(name) });
}
