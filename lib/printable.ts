/** What a terminal acts upon, and what changes the direction of the text around it; but for line feed and tab. */
const ACTING = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const ACTING_OR_BREAKING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Text as it may be printed: what comes from a file can hold sequences that write over what stands there, set the title of a
 * window or ask a terminal to type. They are shown as JSON writes them, so that JSON stays the same JSON.
 */
export function printable(text: string): string {
  return text.replace(ACTING, escaped);
}

/** As {@link printable}, and on one line: a name must not look like a line of its own. */
export function oneLine(text: string): string {
  return text.replace(ACTING_OR_BREAKING, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
