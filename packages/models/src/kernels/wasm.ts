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
 * @param base64 - from `bytes/`
 */
export function instantiate<E>(base64: string): E | null {
  const host = (globalThis as { WebAssembly?: WebAssemblyHost }).WebAssembly;
  if (host === undefined) return null;
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  if (!host.validate(bytes)) return null;
  return new host.Instance(new host.Module(bytes)).exports as E;
}
