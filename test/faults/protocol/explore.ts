import { type Actor, type Choice, Execution, type Objects } from "./world.ts";

export interface Exploration {
  readonly states: number;
  readonly executions: number;
  /** States in which all have ended. */
  readonly ends: number;
}

/** What must be true. What it throws is shown with the calls that led there. */
export interface Checks {
  /** Of every state: each actor may have been stopped for good there. */
  readonly state: (now: Execution) => void | Promise<void>;
  /** Of every step from one state of the bucket to the next. */
  readonly step: (before: Objects, after: Objects) => void;
  /** Of every state in which all have ended. */
  readonly end: (now: Execution) => void;
}

/**
 * Goes through all states that actors at work on one bucket can come to, whichever order their calls have. Depth first: an
 * execution goes on until it comes to a state that was seen; what it did not choose is done by later ones from the start.
 */
export async function explore(
  objects: Objects,
  actors: readonly Actor[],
  checks: Checks,
  { losses = false }: { readonly losses?: boolean } = {},
): Promise<Exploration> {
  const seen = new Set<string>();
  const left: Choice[][] = [[]];
  let [executions, ends] = [0, 0];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    executions += 1;
    const now = new Execution(objects, actors, losses);
    for (const choice of path.slice(0, -1)) await now.next(choice);
    let before = new Map(now.objects);
    if (path.length > 0) await now.next(path.at(-1)!);
    try {
      for (;;) {
        checks.step(before, now.objects);
        const id = now.id();
        if (seen.has(id)) break;
        seen.add(id);
        await checks.state(now);
        const [choice, ...others] = now.choices();
        if (choice === undefined) {
          ends += 1;
          checks.end(now);
          break;
        }
        for (const other of others) left.push([...path, other]);
        path = [...path, choice];
        before = new Map(now.objects);
        await now.next(choice);
      }
    } catch (error) {
      const calls = path.map(
        ({ actor, answer }) => actors[actor]!.name + (answer === "lost" ? " (its answer lost)" : ""),
      );
      throw new Error(`after the calls of ${calls.join(", ")}`, { cause: error });
    }
  }
  return { states: seen.size, executions, ends };
}
