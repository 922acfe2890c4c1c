/** A colour of the style sheet, for what is drawn on a canvas. */
export function colour(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const DARK = matchMedia("(prefers-color-scheme: dark)");
/** Of the root, while the page is printed: then the style sheet has its light colours, whatever those of the screen are. */
const PRINTED = "printed";

export function isDark(): boolean {
  return DARK.matches && document.documentElement.dataset[PRINTED] === undefined;
}

/** Calls back when the system changes between light and dark, and before and after the page is printed. */
export function onThemeChange(listener: () => void): void {
  DARK.addEventListener("change", listener);
  addEventListener("beforeprint", () => {
    document.documentElement.dataset[PRINTED] = "yes";
    listener();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset[PRINTED];
    listener();
  });
}
