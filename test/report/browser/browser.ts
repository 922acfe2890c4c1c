import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { HANGS_MS } from "../../support/guard.ts";

/** The package has a browser for Linux alone. */
export const HAS_BROWSER = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);

/** A page of the browser, and what went on in it that should not. */
export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of its console, exceptions, and requests of anything but itself. */
  readonly trouble: string[];
}

export interface TestBrowser {
  /** Opens a page from a file of this machine and waits until it is drawn. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenPage>;
  /** {@link TestBrowser.open} of a page at a URL, which may have a hash. */
  openAt(url: string, options?: BrowserContextOptions): Promise<OpenPage>;
  /** {@link TestBrowser.open} of a page that is written for it. */
  openText(html: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

const DESK = { width: 1440, height: 1000 };

export async function startBrowser(): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), "s2s-test-pages-"));
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  const executablePath = await chromium.executablePath();
  const browser: Browser = await playwright.launch({ executablePath, args, timeout: HANGS_MS });
  let pages = 0;
  const opened: TestBrowser = {
    open: (path, options) => opened.openAt(pathToFileURL(path).href, options),
    async openAt(url, options = {}) {
      const context = await browser.newContext({ viewport: DESK, locale: "en-US", ...options });
      context.setDefaultTimeout(HANGS_MS);
      const page = await context.newPage();
      const trouble: string[] = [];
      const [asked] = url.split("#", 1);
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) trouble.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => trouble.push(`exception: ${error.message}`));
      page.on("request", (request) => {
        if (request.url() !== asked && !request.url().startsWith("data:")) trouble.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      await page.waitForSelector("html[data-ready]");
      // Maps and charts are drawn in the next frame.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return { page, trouble };
    },
    openText(html, options) {
      const path = join(folder, `${(pages += 1)}.html`);
      writeFileSync(path, html);
      return opened.open(path, options);
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
  return opened;
}
