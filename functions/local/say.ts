import { printable } from "../../lib/printable.ts";

/** What a shell says of a program whose reader has gone: it ends by SIGPIPE, which Node leaves aside. */
const CLOSED = 141;

/** Prints for people, or JSON: nothing that a file holds reaches a terminal as more than text. */
export function say(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  write(printable(text), stream);
}

/** Prints what is {@link printable}, with colours perhaps, as it is. */
export function write(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  guard(stream);
  stream.write(text);
}

/** Has the process end quietly when who reads its output has gone, as `head` does, and with one line when a disk is full. */
export function guard(stream: NodeJS.WriteStream): void {
  if (!stream.listeners("error").includes(endOnError)) stream.on("error", endOnError);
}

function endOnError(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(CLOSED);
  process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
  process.exit(1);
}
