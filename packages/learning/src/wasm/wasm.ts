/** What is used of WebAssembly, which a host may lack. */
interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/**
 * Instance of a module, or null where the host has no WebAssembly with SIMD.
 *
 * Synchronous: modules are far smaller than what browsers allow on the main thread.
 *
 * @param hexadecimal - from `bytes/`
 */
export function instantiate<E>(hexadecimal: string): E | null {
  const host = (globalThis as { WebAssembly?: WebAssemblyHost }).WebAssembly;
  if (host === undefined) return null;
  const bytes = new Uint8Array(hexadecimal.length / 2);
  for (let k = 0; k < bytes.length; k++)
    bytes[k] = 16 * digit(hexadecimal, 2 * k) + digit(hexadecimal, 2 * k + 1);
  if (!host.validate(bytes)) return null;
  return new host.Instance(new host.Module(bytes)).exports as E;
}

/** Value of a digit of lower-case hexadecimal text. */
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 58 ? code - 48 : code - 87;
}
