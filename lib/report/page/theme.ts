/** A colour of the style sheet, for what is drawn on a canvas. */
export function colour(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const DARK = matchMedia("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  return DARK.matches;
}

/** Calls back when the system changes between light and dark. */
export function onThemeChange(listener: () => void): void {
  DARK.addEventListener("change", listener);
}
