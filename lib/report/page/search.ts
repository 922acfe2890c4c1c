import { el } from "./element.ts";
import { type Model, nameOf, type PageStation, type Selection } from "./model.ts";

const MOST_SHOWN = 12;

/** A field that finds stations by id, name or province: a combobox with a list. */
export function makeSearch(model: Model, selection: Selection): HTMLElement {
  const list = el("ul", { id: "found", hidden: true, "aria-label": "Stations found" });
  list.setAttribute("role", "listbox");
  const input = el("input", {
    id: "search",
    type: "search",
    autocomplete: "off",
    placeholder: "id, name or province",
    "aria-controls": "found",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  input.setAttribute("role", "combobox");
  const status = el("p", { class: "found-count", "aria-live": "polite" });
  let found: PageStation[] = [];
  let active = -1;

  function close(): void {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(station: PageStation | undefined): void {
    if (station === undefined) return;
    input.value = nameOf(station);
    status.textContent = "";
    close();
    selection.select(station);
  }

  function activate(position: number): void {
    active = position;
    for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === active));
    const option = list.children[active];
    if (option === undefined) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function find(): void {
    const all = model.find(input.value);
    if (all === undefined) {
      status.textContent = "";
      close();
      return;
    }
    found = all.slice(0, MOST_SHOWN);
    list.replaceChildren(...found.map((station, i) => optionOf(station, i, () => choose(station))));
    status.textContent = all.length === 0 ? "No station" : all.length > found.length ? `${all.length} stations` : "";
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(found.length > 0 ? 0 : -1);
  }

  input.addEventListener("input", find);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) find();
    else if (event.key === "ArrowDown") activate((active + 1) % found.length);
    else if (event.key === "ArrowUp") activate((active - 1 + found.length) % found.length);
    else if (event.key === "Enter") choose(found[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  return el("div", { class: "search" }, el("label", { htmlFor: "search" }, "Find a station"), input, list, status);
}

/** An option of the list. */
function optionOf(station: PageStation, position: number, choose: () => void): HTMLElement {
  const option = el(
    "li",
    {
      id: `found-${position}`,
      "aria-selected": "false",
      onmousedown: (event) => (event.preventDefault(), choose()),
    },
    el("span", {}, nameOf(station)),
    el("span", { class: "faint" }, station.province),
  );
  option.setAttribute("role", "option");
  return option;
}
