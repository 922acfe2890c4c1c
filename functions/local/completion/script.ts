import type { Command } from "commander";
import { BUILT_IN_SOURCES } from "../../../lib/fetch/source.ts";
import { BUILT_IN_PRODUCTS } from "../../../lib/run/built-in-products.ts";
import { ENCODINGS } from "../../../lib/stations/encoding.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import type { Shell } from "./shells.ts";
import { completedCommands } from "./words.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** What a shell runs to complete the commands, options and values of a program. */
export function completionScript(shell: Shell, program: Command): string {
  const namesOf = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  const known = { product: namesOf(BUILT_IN_PRODUCTS), sources: namesOf(BUILT_IN_SOURCES), encoding: ENCODINGS };
  return SCRIPTS[shell](completedCommands(program, known));
}
