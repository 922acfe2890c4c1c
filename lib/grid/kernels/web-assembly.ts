/** Of WebAssembly, what is used here: its types are the browser's. */
interface Parts {
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: unknown) => { readonly exports: unknown };
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What has been compiled. */
export type Module = object;

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Parts };
