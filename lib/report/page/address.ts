import { FIRST_VIEW, type Model, type PageStation, type Selection, type View } from "./model.ts";

/** Typing changes the address with every letter: browsers bear some changes in a second. */
const WAIT_MS = 200;

/** Keeps station and view in the page's address, behind `#`, and takes them from there. */
export function followAddress(model: Model, selection: Selection, first: PageStation): void {
  let written = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = () => {
    const words = new URLSearchParams(location.hash.slice(1));
    const id = words.get("station");
    selection.change(viewOf(words, model));
    selection.select(model.stations.find((station) => station.id === id) ?? first);
  };
  const write = () => {
    const text = textOf(selection, first);
    if (text === written) return;
    written = text;
    // Replaced: who goes back leaves the page.
    history.replaceState(null, "", text === "" ? location.href.replace(/#.*$/, "") : `#${text}`);
  };
  if (location.hash.length > 1) read();
  else selection.select(first);
  selection.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(write, WAIT_MS);
  });
  addEventListener("hashchange", read);
}

/** What an address says; what the page does not have is as at first. */
function viewOf(words: URLSearchParams, { data, stations }: Model): View {
  const lead = Number(words.get("lead") ?? 1) - 1;
  const province = words.get("province") ?? "";
  return {
    lead: data.leads[lead] === undefined ? FIRST_VIEW.lead : lead,
    shown: words.get("shown") === "percent" && data.stations.percent !== undefined ? "percent" : FIRST_VIEW.shown,
    province: stations.some((station) => station.province === province) ? province : FIRST_VIEW.province,
    text: words.get("find") ?? FIRST_VIEW.text,
    sort: words.get("sort") ?? FIRST_VIEW.sort,
  };
}

/** Only what is not as at first. */
function textOf({ station, view }: Selection, first: PageStation): string {
  const { lead, shown, province, text, sort } = view;
  const words = new URLSearchParams();
  if (station !== undefined && station !== first) words.set("station", station.id);
  // People count from 1.
  if (lead !== FIRST_VIEW.lead) words.set("lead", String(lead + 1));
  if (shown !== FIRST_VIEW.shown) words.set("shown", shown);
  if (province !== FIRST_VIEW.province) words.set("province", province);
  if (text !== FIRST_VIEW.text) words.set("find", text);
  if (sort !== FIRST_VIEW.sort) words.set("sort", sort);
  return words.toString();
}
