type Child = Node | string | null;

/** What an element is made with: properties of its class, `class`, `data-` and `aria-` attributes, listeners as `onclick`. */
type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "dataset">
> & {
  readonly [attribute: `aria-${string}` | `data-${string}`]: string;
} & { readonly class?: string; readonly style?: string };

/** An HTML element. Text stays text, whatever it holds. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: classes, style, ...properties }: Properties<K> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (classes !== undefined) element.className = classes;
  // Not as an attribute, which the page's policy forbids.
  if (style !== undefined) element.style.cssText = style;
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, String(value));
    else Reflect.set(element, name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A section with a heading. */
export function section(title: string, ...children: Child[]): HTMLElement {
  return el("section", {}, el("h2", {}, title), ...children);
}
