import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Text in a colour or in bold where people see it: on a terminal, or as `FORCE_COLOR` asks; with `NO_COLOR` never. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream): string {
  // Node itself lets FORCE_COLOR win, and warns of it.
  return (process.env["NO_COLOR"] ?? "") === "" ? styleText(style, text, { stream }) : text;
}
