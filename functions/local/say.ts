import { printable } from "../../lib/printable.ts";

/** Prints for people, or JSON: nothing that a file holds reaches a terminal as more than text. */
export function say(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  stream.write(printable(text));
}
