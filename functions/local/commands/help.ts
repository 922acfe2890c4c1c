import type { Command } from "commander";

/** In the place of commander's own, which takes a command that there is not for none. */
export function addHelp(program: Command): void {
  program
    .helpCommand(false)
    .command("help")
    .description("show what a command does, and its options")
    .argument("[command]", "name of a command")
    .action(async (name: string | undefined) => {
      const asked = program.commands.find((command) => command.name() === name);
      if (name === undefined || asked !== undefined) (asked ?? program).help();
      // As for any other use of that name.
      else await program.parseAsync([name], { from: "user" });
    });
}
