import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import type { Report } from "../../../lib/report/report.ts";
import { reportPage } from "../../../lib/report/write.ts";

/** What tests of the page look at, and how. */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const pageOf = async (report: Report): Promise<string> => new TextDecoder().decode(await reportPage(report));

/** Types what is looked for into the search, and takes the first that is found. */
export async function find(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Find a station" }).fill(text);
  await page.keyboard.press("Enter");
}

export const shownStation = (page: Page) => page.locator(".station h2").textContent();

/** What axe finds that keeps people from using the page. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
}
