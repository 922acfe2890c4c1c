import type { Page } from "playwright-core";
import type { Report } from "../../../lib/report/report.ts";
import { reportPage } from "../../../lib/report/write.ts";

/** What tests of the page look at, and how. */

export const pageOf = async (report: Report): Promise<string> => new TextDecoder().decode(await reportPage(report));

/** Types what is looked for into the search, and takes the first that is found. */
export async function find(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Find a station" }).fill(text);
  await page.keyboard.press("Enter");
}

export const shownStation = (page: Page) => page.locator(".station h2").textContent();
