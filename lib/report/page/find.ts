/** What is looked for. */
type Named = Readonly<Record<"id" | "name" | "province", string>>;

/** Finds the stations with all words of a text in id, name or province, the best first; undefined where there is no word. */
export function finder<T extends Named>(stations: readonly T[]): (text: string) => T[] | undefined {
  const texts = stations.map(({ id, name, province }) => plain(`${id} ${name} ${province}`));
  return (text) => {
    const words = plain(text)
      .split(" ")
      .filter((word) => word !== "");
    if (words.length === 0) return undefined;
    const all = stations.filter((_, i) => words.every((word) => texts[i]!.includes(word)));
    // Whoever types an id means it, whatever else has those digits.
    const exact = all.filter(({ id, name }) => plain(id) === words[0] || plain(name) === words[0]);
    return [...new Set([...exact, ...all])];
  };
}

/** Without accents and capitals, so that `Urumqi` finds `Ürümqi`. */
function plain(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
