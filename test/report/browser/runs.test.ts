import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Served, serve } from "../../../functions/local/serve/server.ts";
import { keys } from "../../../lib/keys.ts";
import { indexPage } from "../../../lib/report/index/index-page.ts";
import { renewIndex } from "../../../lib/report/index/renew.ts";
import { reportPage } from "../../../lib/report/write.ts";
import type { Claim, RunEntry } from "../../../lib/run/records.ts";
import { folderStore } from "../../../lib/store/folder.ts";
import { jsonText } from "../../../lib/store/store.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { madeReport } from "../../support/made-report.ts";
import { type MadeEntry, madeEntry } from "../../support/run-entries.ts";
import { serious } from "./axe.ts";
import { HAS_BROWSER, startBrowser, type TestBrowser } from "./browser.ts";

const SEPTEMBER = "2020-09-01 00:00:00";
const LOOKS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["a phone", { viewport: { width: 390, height: 844 } }],
] as const;

/** A name that a URL must not take for its own, as that of a forecast may be. */
const ODD = "a#b?c%20d e";

/** Runs as an output has them: of two products, and all ways to end. */
const RUNS: readonly MadeEntry[] = [
  { issued: "20200624", means: [0.1] },
  { issued: "20200625", means: [0.4] },
  {
    issued: "20200626",
    means: [null],
    status: "failed",
    hasPage: false,
    counts: { planned: 0, usable: 0, warnings: 0 },
  },
  { issued: "20200627", means: [-0.25], status: "partial", counts: { written: 900, usable: 890, warnings: 2 } },
  { product: "temp", issued: "20200625", targets: [SEPTEMBER], units: "°C", counts: { usable: 100 } },
  { product: "temp", issued: "20200620", targets: [SEPTEMBER], units: "°C", of: ODD },
];

/** A folder with the index of such runs, and a page for each that has one. */
async function folderOf(runs: readonly RunEntry[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "s2s-test-"));
  const store = folderStore(folder);
  for (const run of runs) {
    const report = madeReport({ stations: 3 });
    const manifest = { ...report.manifest, runId: run.runId, product: run.product };
    if (run.hasPage) await store.put(keys.page(run.runId), await reportPage({ ...report, manifest }));
    await renewIndex(store, run);
  }
  return folder;
}

describe.runIf(HAS_BROWSER)("the index of all runs", () => {
  let browser: TestBrowser;
  let folder: string;
  const runs = RUNS.map(madeEntry);
  const [june24, june25, , june27, , odd] = runs as [RunEntry, RunEntry, RunEntry, RunEntry, RunEntry, RunEntry];
  const url = (hash = "") => pathToFileURL(join(folder, "index.html")).href + hash;
  const pageUrl = ({ runId }: RunEntry) =>
    pathToFileURL(join(folder, "runs")).href + `/${encodeURIComponent(runId)}/index.html`;

  beforeAll(async () => {
    browser = await startBrowser();
    folder = await folderOf(runs);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test("lists the runs, the newest forecast first, with no error and no request", async () => {
    const { page, trouble } = await browser.openAt(url());
    expect(trouble).toEqual([]);
    expect(await page.locator(".headline").innerText()).toBe("6 runs of 2 products, 1 partial, 1 failed.");
    const rows = await page.locator("tbody tr").allInnerTexts();
    const shown = rows.map((text) => text.replaceAll(/\s+/g, " ").trim());
    expect(shown).toEqual([
      "27 Jun 2020 20200627.202008 prec Aug 2020 −0.25 mm/day, −0.65 since 25 Jun 2020 Partial 890 of 966 2 2020-06-30 12:34:57",
      "26 Jun 2020 20200626.202008 prec Aug 2020 Failed none 2020-06-30 12:34:57",
      "25 Jun 2020 20200625.202009 temp Sept 2020 +0.25 °C, ±0.00 since 20 Jun 2020 Complete, few usable 100 of 966 16 2020-06-30 12:34:57",
      "25 Jun 2020 20200625.202008 prec Aug 2020 +0.40 mm/day, +0.30 since 24 Jun 2020 Complete 950 of 966 16 2020-06-30 12:34:57",
      "24 Jun 2020 20200624.202008 prec Aug 2020 +0.10 mm/day Complete 950 of 966 16 2020-06-30 12:34:57",
      "20 Jun 2020 20200620.202009 temp Sept 2020 +0.25 °C Complete 950 of 966 16 2020-06-30 12:34:57",
    ]);
    // What failed without a page links nothing.
    expect(await page.locator("tbody a").count()).toBe(5);
    const products = await page.locator(".products li").allInnerTexts();
    expect(products).toEqual([
      "prec 25 Jun 2020 for Aug 2020 complete, 950 of 966 usable, 4 runs",
      "temp 25 Jun 2020 for Sept 2020 complete, 100 of 966 usable, 2 runs",
    ]);
  });

  test("leads to the page of a run, whatever its name, and that back to its row", async () => {
    const { page } = await browser.openAt(url());
    await page.locator("tbody tr").last().getByRole("link").click();
    await page.waitForSelector("html[data-ready] nav.run-links");
    expect(page.url()).toBe(pageUrl(odd));
    await page.getByRole("link", { name: "All runs" }).click();
    await page.waitForSelector('html[data-page="s2s-runs"][data-ready]');
    expect(await page.locator("[aria-current]").innerText()).toContain("20 Jun 2020");
    expect(await page.locator("[aria-current]").count()).toBe(1);
  });

  test("goes from the page of a run to the next and the previous forecast, and back in one step", async () => {
    const { page } = await browser.open(join(folder, keys.page(june24.runId)));
    const go = async (name: string, to: RunEntry) => {
      await page.getByRole("link", { name }).click();
      await page.waitForURL(pageUrl(to));
      await page.waitForSelector("html[data-ready] nav.run-links");
    };
    await go("Next forecast", june25);
    await go("Previous forecast", june24);
    await page.goBack();
    expect(page.url()).toBe(pageUrl(june25));
  });

  test("says that there is no newer forecast, that one has no page, or that a run is not in it", async () => {
    for (const [hash, text] of [
      [`#next=${june27.runId}`, "prec has no newer forecast here than 27 Jun 2020."],
      [`#previous=${june24.runId}`, "prec has no older forecast here than 24 Jun 2020."],
      [`#next=${june25.runId}`, "The next forecast of prec, 26 Jun 2020, has no page."],
      ["#run=gone", "The run gone is not in this list."],
      ["#run=%zz", "The run %zz is not in this list."],
    ]) {
      const { page, trouble } = await browser.openAt(url(hash));
      expect([await page.locator(".notice").innerText(), trouble]).toEqual([text, []]);
    }
  });

  test("finds runs by words, by product and by how they ended", async () => {
    const { page } = await browser.openAt(url());
    const listed = () => page.locator("tbody tr").count();
    const words = page.getByLabel("Find");
    await words.fill("25 jun");
    expect(await listed()).toBe(2);
    await words.fill("202009 25");
    expect(await listed()).toBe(1);
    await words.fill("");
    await page.getByLabel("Product").selectOption("prec");
    expect([await listed(), await page.locator("output").innerText()]).toEqual([4, "4 runs"]);
    await page.getByLabel("Status").selectOption("failed");
    expect([await listed(), await page.locator("output").innerText()]).toEqual([1, "1 run"]);
    await words.fill("no such run");
    expect(await listed()).toBe(0);
    expect(await page.getByText("No run is like that.").isVisible()).toBe(true);
  });

  test("shows a hundred of 5000 runs at first, and the others on demand", async () => {
    const many = Array.from({ length: 5000 }, (_, i) => {
      const day = new Date(Date.UTC(2010, 0, 1 + i)).toISOString().slice(0, 10).replaceAll("-", "");
      return madeEntry({ issued: day });
    });
    const { page, trouble } = await browser.openText(await indexPage(many));
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(100);
    await page.getByRole("button", { name: "Show 500 more of 4900" }).click();
    expect(await rows.count()).toBe(600);
    await page.getByLabel("Find").fill("20100101");
    expect([await rows.count(), trouble]).toEqual([1, []]);
  });

  test("brings the run that a page leads from into view, however far down it is", async () => {
    const many = Array.from({ length: 1500 }, (_, i) => {
      const day = new Date(Date.UTC(2010, 0, 1 + i)).toISOString().slice(0, 10).replaceAll("-", "");
      return madeEntry({ issued: day });
    });
    const path = join(temporaryFolder(), "index.html");
    writeFileSync(path, await indexPage(many));
    const { page } = await browser.openAt(`${pathToFileURL(path).href}#run=${many[3]!.runId}`);
    await expect
      .poll(() => page.locator("[aria-current]").evaluate((row) => row.getBoundingClientRect().top))
      .toBeLessThan(1000);
  });

  test("keeps many leads of a run short, and opens them", async () => {
    const targets = Array.from({ length: 9 }, (_, i) => `2020-${String(i + 4).padStart(2, "0")}-01 00:00:00`);
    const { page } = await browser.openText(await indexPage([madeEntry({ targets })]));
    expect(await page.getByText("Dec 2020").isVisible()).toBe(false);
    await page.getByText("7 more", { exact: true }).click();
    expect(await page.getByText("Dec 2020").isVisible()).toBe(true);
  });

  test("without runs says so", async () => {
    const { page, trouble } = await browser.openText(await indexPage([]));
    expect([await page.locator(".headline").innerText(), trouble]).toEqual(["No run has ended yet.", []]);
  });

  test("shows names as text, whatever is in them", async () => {
    const product = '</script><img src=x onerror="document.title=1">';
    const { page, trouble } = await browser.openText(
      await indexPage([{ ...june24, product, status: "odd" as "failed" }]),
    );
    expect([await page.title(), trouble]).toEqual(["All runs", []]);
    expect(await page.locator("tbody td").first().innerText()).toBe(product);
  });

  describe.each(LOOKS)("in %s", (_, options) => {
    test("overflows nowhere, and axe finds nothing serious", async () => {
      const { page, trouble } = await browser.openAt(url(`#next=${june27.runId}`), options);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([trouble, over <= 0, await serious(page)]).toEqual([[], true, []]);
    });
  });
});

describe.runIf(HAS_BROWSER)("the index that s2s serve shows", () => {
  let browser: TestBrowser;
  let served: Served;
  let folder: string;

  const claimOf = (runId: string) =>
    ({
      runId,
      product: "prec",
      issue: { label: "20200628.202008", issued: "20200628" },
      owner: "nobody",
      claimedAt: "2020-07-01 00:00:00",
    }) as Claim;

  beforeAll(async () => {
    browser = await startBrowser();
    folder = await folderOf([madeEntry({ issued: "20200624" })]);
    served = await serve(folder, 0);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  test("renews itself while runs go on, keeps what was looked for, and says when nobody serves it", async () => {
    const store = folderStore(folder);
    const { page, trouble } = await browser.openAt(served.url);
    await page.getByText("Renews itself while runs go on.").waitFor();
    await page.getByLabel("Status").selectOption("complete");
    const entry = madeEntry({ issued: "20200628", finishedAt: "2020-07-01 00:00:01" });
    await store.put(keys.claim(entry.runId), jsonText(claimOf(entry.runId)));
    await page
      .getByText("prec 20200628.202008 was stopped: run the same command with --resume, not planned yet")
      .waitFor();
    await store.put(keys.plan(entry.runId), jsonText({ chunks: [{}, {}] }));
    await store.put(keys.receipt(entry.runId, "0001"), "{}");
    await page.getByText("1 of 2 chunks done").waitFor();
    const report = madeReport({ stations: 3 });
    const manifest = { ...report.manifest, runId: entry.runId, finishedAt: entry.finishedAt };
    await store.put(keys.manifest(entry.runId), jsonText(manifest));
    await renewIndex(store, entry);
    await page.locator("tbody").getByRole("link", { name: "28 Jun 2020" }).waitFor();
    await page.getByText("was stopped").waitFor({ state: "detached" });
    expect(await page.locator("tbody tr").count()).toBe(2);
    expect(await page.getByLabel("Status").inputValue()).toBe("complete");
    expect(trouble.filter((text) => text !== `request: ${served.url}live`)).toEqual([]);
  });

  test.each(LOOKS)("has nothing serious in %s, with a run that has not ended", async (_, options) => {
    const { page } = await browser.openAt(served.url, options);
    expect(await serious(page)).toEqual([]);
  });

  test("says when nobody serves it any more", async () => {
    const own = await serve(folder, 0);
    const { page } = await browser.openAt(own.url);
    await page.getByText("Renews itself while runs go on.").waitFor();
    await own.close();
    await page.getByText("Not connected: s2s serve has ended.").waitFor();
    expect(await page.locator("tbody tr").count()).toBeGreaterThan(0);
  });

  test("shows a run of an older version, which is in no index", async () => {
    const old = temporaryFolder();
    mkdirSync(join(old, "runs"));
    const { manifest } = madeReport({ stations: 3 });
    const store = folderStore(old);
    const { issue: _, ...claim } = {
      ...claimOf(manifest.runId),
      forecast: { key: "x/CFSv2.Prec.20200625.202008.nc", etag: "e" },
    };
    await store.put(keys.claim(manifest.runId), jsonText({ ...claim, claimedAt: undefined }));
    await store.put(keys.manifest(manifest.runId), jsonText(manifest));
    const own = await serve(old, 0);
    const { page } = await browser.openAt(own.url);
    expect(await page.locator("tbody tr").innerText()).toContain("25 Jun 2020");
    expect(await page.locator("tbody a").count()).toBe(0);
    await own.close();
  });
});
