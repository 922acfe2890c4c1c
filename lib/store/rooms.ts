/**
 * Memory for what is read or put together over and over: taken, given back, and used again. New memory for each would cost
 * more than all that is done with it, as the system clears every page of it first.
 */
export class Rooms implements Disposable {
  readonly #free: Uint8Array[] = [];

  /** Memory of that many bytes or more, with anything in it. */
  take(bytes: number): Uint8Array {
    const room = this.#free.pop();
    // Too small is dropped: what follows is mostly of one size.
    return room !== undefined && room.length >= bytes ? room : Buffer.allocUnsafeSlow(bytes);
  }

  /** Nobody may use it from then on. */
  give(room: Uint8Array): void {
    this.#free.push(room);
  }

  /** Gives all back to the system at once: until garbage is collected, a run could be at its end. */
  [Symbol.dispose](): void {
    for (const { buffer } of this.#free.splice(0)) (buffer as ArrayBuffer).transfer(0);
  }
}
