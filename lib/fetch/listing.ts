/** A link of an HTML page, and in it the address. Neither takes longer than the page is long. */
const LINK = /<a\s([^<>]*)>/gi;
const ADDRESS = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/i;

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/**
 * The names of the files that an HTML page lists, each once. A link counts that leads to a file of this very folder, however it
 * is written; those that sort the page, lead elsewhere, or to folders, do not.
 *
 * @param folder - the page's address, with a slash at its end
 */
export function namesListed(html: string, folder: string): string[] {
  const base = new URL(folder);
  const names = Array.from(html.matchAll(LINK), ([, attributes = ""]) => {
    const [, double, single, bare] = ADDRESS.exec(attributes) ?? [];
    const link = (double ?? single ?? bare ?? "").replaceAll(/&(amp|lt|gt|quot|#39);/g, (word) => ENTITIES[word]!);
    const to = link === "" ? null : URL.parse(link, folder);
    if (to === null || to.origin !== base.origin || to.search !== "" || !to.pathname.startsWith(base.pathname))
      return "";
    return decoded(to.pathname.slice(base.pathname.length));
  });
  return [...new Set(names)].filter((name) => name !== "" && !/[/\\\p{Cc}]/u.test(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No name that anybody expanded.
    return "";
  }
}
