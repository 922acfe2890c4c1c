import { expect, test } from "vitest";
import { namesListed } from "../../lib/fetch/listing.ts";

const FOLDER = "https://example.org/data/2024/";

test("an index of Apache gives its files, and neither its folders nor what sorts it", () => {
  const page = `<html><head><title>Index of /data/2024</title></head><body><table>
<tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td><a href="/data/">Parent Directory</a></td></tr>
<tr><td><a href="old/">old/</a></td></tr>
<tr><td><A class=x HREF='a.20240130.nc'>a.20240130.nc</A></td><td>30-Jan-2024 05:12  183K</td></tr>
<tr><td><a href=a.20240131.nc>a.2024..&gt;</a></td></tr>
<tr><td><a href="./b%20%26%20c.nc">b</a><a href="d&amp;e.nc">d</a><a href="/data/2024/f.nc">f</a></td></tr>
<tr><td><a href="https://example.org/data/2024/a.20240131.nc#top">again</a></td></tr></table></body></html>`;
  expect(namesListed(page, FOLDER)).toEqual(["a.20240130.nc", "a.20240131.nc", "b & c.nc", "d&e.nc", "f.nc"]);
});

test.each([
  ["another host", "https://example.com/data/2024/a.nc"],
  ["another host without a scheme", "//example.com/data/2024/a.nc"],
  ["another folder", "../2023/a.nc"],
  ["a folder below", "sub/a.nc"],
  ["a query", "a.nc?download=1"],
  ["a slash that is written otherwise", "..%2F2023%2Fa.nc"],
  ["a line break", "a%0A.nc"],
  ["bytes that are no text", "%ff.nc"],
  ["no file at all", "mailto:a.nc@example.org"],
  ["a script", "javascript:void('a.nc')"],
])("a link to %s is no file", (_, link) => {
  expect(namesListed(`<a href="${link}">x</a>`, FOLDER)).toEqual([]);
});

test("a page of very many unfinished links is read in bounded time", () => {
  const started = process.cpuUsage();
  expect(namesListed("<a ".repeat(200_000), FOLDER)).toEqual([]);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});
