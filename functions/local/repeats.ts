import type { Command } from "commander";

/**
 * Refuses an option that is given twice, of this command and of those below it: commander itself takes the last value,
 * and says nothing of the others.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    if (option.variadic) continue;
    const given: string[] = [];
    command.on(`option:${option.name()}`, (value: string | undefined) => {
      given.push(value === undefined ? "" : ` as "${value}"`);
      const [first, second] = given;
      if (second === undefined) return;
      const times = first === "" ? "twice" : `twice,${first} and${second}`;
      command.error(`error: option '${option.flags}' is given ${times}. Give it once`);
    });
  }
  for (const below of command.commands) refuseRepeats(below);
}
