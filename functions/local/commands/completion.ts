import { Argument, type Command } from "commander";
import { SHELLS, type Shell } from "../completion/shells.ts";
import { withHelp } from "../help.ts";
import { say } from "../say.ts";

export function addCompletion(program: Command): void {
  const command = program
    .command("completion")
    .description("print what completes commands, options and files in a shell")
    .addArgument(new Argument("<shell>", "whose completion it is").choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import("../completion/script.ts");
      say(completionScript(shell, program));
    });
  withHelp(command, {
    examples: [
      "source <(s2s completion bash)    # this shell; in ~/.bashrc: all to come",
      "s2s completion zsh > _s2s        # into a folder of fpath",
      "s2s completion fish > s2s.fish   # into ~/.config/fish/completions",
    ],
  });
}
