/** Of WebAssembly, what is used here: its types are the browser's. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Instantiated {
  readonly instance: { readonly exports: Readonly<Record<string, unknown>> };
}

interface WebAssemblyParts {
  instantiate: (this: void, source: unknown, imports: unknown) => Promise<Instantiated>;
  readonly Memory: { new (limits: { readonly initial: number }): Memory; readonly prototype: Memory };
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyParts };

/** Bytes that WebAssembly's memory grows by. */
const PAGE_BYTES = 65_536;

/** The last that was begun: while one is made, another would take its place among the globals. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Makes a module of WebAssembly whose memory does not grow beyond `most` bytes: what asks for more is refused it, as on a
 * machine that has no more. A module that makes its own memory takes no limit, so it is set where the module is instantiated.
 *
 * @param onRefusal - called where more is asked for
 */
export function withLimitedMemory<T>(most: number, onRefusal: () => void, make: () => Promise<T>): Promise<T> {
  const made = last.then(async () => {
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (source, imports) => {
      const result = await instantiate(source, imports);
      for (const exported of Object.values(result.instance.exports)) {
        if (exported instanceof WebAssembly.Memory) limit(exported, most, onRefusal);
      }
      return result;
    };
    try {
      return await make();
    } finally {
      WebAssembly.instantiate = instantiate;
    }
  });
  last = made.catch(() => undefined);
  return made;
}

function limit(memory: Memory, most: number, onRefusal: () => void): void {
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + PAGE_BYTES * pages > most) {
      onRefusal();
      throw new RangeError(`at most ${most} bytes of memory`);
    }
    return WebAssembly.Memory.prototype.grow.call(memory, pages);
  };
}
