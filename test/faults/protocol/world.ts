import { hash } from "node:crypto";
import type { ObjectStore } from "../../../lib/store/store.ts";

/** What a bucket holds: a character for each byte. */
export type Objects = ReadonlyMap<string, string>;

/** What is asked of a bucket at once, and waits to be done. */
interface Call {
  /** Does it, and lets its caller go on. `lost`: what was written stands, but the caller is told that it does not. */
  readonly done: (answer: Choice["answer"]) => Promise<void>;
  readonly canBeLost: boolean;
}

/** One who works on the bucket. Between its calls of that it waits for nothing. */
export interface Actor {
  readonly name: string;
  readonly act: (store: ObjectStore) => Promise<unknown>;
}

/** A choice of what happens next: the next call of this actor, or its start, and whether its answer is lost. */
export interface Choice {
  readonly actor: number;
  readonly answer: "told" | "lost";
}

/**
 * Objects whose calls are no steps of their own, but part of the one before: of derived ones it changes nothing but time
 * whether they are there, and a series is only ever written with the bytes that its key stands for, which is checked.
 */
const isNoStep = (key: string) =>
  key.startsWith("grids/") || key.endsWith(".csv") || /^runs\/[^/]+\/(stations|index)\./.test(key);

const etagOf = (text: string) => hash("md5", text);
/** As many turns of Node's loop as it takes an actor to come from one call to all that it asks next: lanes begin one a turn. */
const TURNS = 5;

/**
 * Actors at work on one bucket, of which one call at a time is done: whose is next is chosen from outside. So one execution is
 * one of all the orders in which the calls can come; an actor that is not chosen any more has been stopped for good.
 */
export class Execution {
  readonly objects: Map<string, string>;
  /** What those returned or threw that have ended, by their position. */
  readonly ends = new Map<number, unknown>();
  readonly #actors: readonly Actor[];
  readonly #calls: Call[][];
  /** All that each was told: two of the same code that were told the same are in the same state. */
  readonly #told: string[];
  /** How many answers to each were lost. */
  readonly #lost: number[];
  readonly #losses: boolean;
  started = 0;

  /** @param losses - whether the answer to a conditional write can be lost, once by each actor */
  constructor(objects: Objects, actors: readonly Actor[], losses = false) {
    this.objects = new Map(objects);
    this.#actors = actors;
    this.#calls = actors.map(() => []);
    this.#told = actors.map(() => "");
    this.#lost = actors.map(() => 0);
    this.#losses = losses;
  }

  /** What can happen next. Actors start in their order, which is that of their clocks. */
  choices(): Choice[] {
    return this.#actors.flatMap((_, actor) => {
      if (actor === this.started) return [{ actor, answer: "told" } as const];
      const [call] = this.#calls[actor]!;
      if (call === undefined) return [];
      const isLost = this.#losses && call.canBeLost && this.#lost[actor] === 0;
      return [{ actor, answer: "told" } as const, ...(isLost ? [{ actor, answer: "lost" } as const] : [])];
    });
  }

  async next({ actor, answer }: Choice): Promise<void> {
    if (actor === this.started) {
      this.started += 1;
      const { act } = this.#actors[actor]!;
      act(this.#storeOf(actor)).then(
        (result) => this.ends.set(actor, result),
        (error: unknown) => this.ends.set(actor, error),
      );
    } else {
      await this.#calls[actor]!.shift()!.done(answer);
    }
    for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
    if (this.#calls[actor]!.length === 0 && !this.ends.has(actor)) {
      throw new Error(`${this.#actors[actor]!.name} waits for something else than the store`);
    }
  }

  /** Names the state that all is in. */
  id(): string {
    return etagOf(JSON.stringify([this.objectsId(), this.#told, this.started]));
  }

  /** Names what the bucket holds, but for what is derived. */
  objectsId(): string {
    const entries = [...this.objects].filter(([key]) => !key.startsWith("grids/"));
    return etagOf(JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  }

  /** The bucket, as an actor has it: each of its calls waits until it is chosen. */
  #storeOf(actor: number): ObjectStore {
    const inner = bucketOf(this.objects);
    const call = <T>(key: string, what: string, work: () => Promise<T>, whenLost?: T): Promise<T> => {
      if (isNoStep(key)) return work();
      return new Promise((resolve) => {
        const done = async (answer: Choice["answer"]) => {
          const result = await work();
          const told = answer === "lost" ? whenLost! : result;
          if (answer === "lost") this.#lost[actor]! += 1;
          this.#told[actor] = etagOf(JSON.stringify([this.#told[actor], what, key, answer, summary(told)]));
          resolve(told);
        };
        this.#calls[actor]!.push({ done, canBeLost: whenLost !== undefined });
      });
    };
    return {
      name: inner.name,
      get: (key) => call(key, "get", () => inner.get(key)),
      put: (key, body) => call(key, "put", () => inner.put(key, body)),
      putIfAbsent: (key, body) => call(key, "putIfAbsent", () => inner.putIfAbsent(key, body), false),
      putIfMatch: (key, body, etag) => call(key, "putIfMatch", () => inner.putIfMatch(key, body, etag), false),
      async *list(prefix) {
        yield* await call(prefix, "list", () => Array.fromAsync(inner.list(prefix)));
      },
    };
  }
}

/** An object is told from others by its etag. */
const summary = (told: unknown) => (told as { etag?: string } | undefined)?.etag ?? told;

/** A bucket in memory. */
export function bucketOf(objects: Map<string, string>): ObjectStore {
  const get = (key: string) => {
    const text = objects.get(key);
    return text === undefined ? undefined : { body: Buffer.from(text, "latin1"), etag: etagOf(text) };
  };
  const put = (key: string, body: Uint8Array | string) => {
    objects.set(key, Buffer.from(body as Uint8Array).toString("latin1"));
  };
  const putIf = (isAsHoped: boolean, key: string, body: Uint8Array | string) => {
    if (isAsHoped) put(key, body);
    return Promise.resolve(isAsHoped);
  };
  return {
    name: "bucket",
    get: (key) => Promise.resolve(get(key)),
    put: (key, body) => Promise.resolve(put(key, body)),
    putIfAbsent: (key, body) => putIf(!objects.has(key), key, body),
    putIfMatch: (key, body, etag) => putIf(get(key)?.etag === etag, key, body),
    async *list(prefix) {
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix));
      for (const key of found.toSorted()) yield { key, size: objects.get(key)!.length };
    },
  };
}
