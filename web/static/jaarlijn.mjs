// The years of the works in the form as bars on one time line, to be dragged by mouse or finger.
// The fields stay what is filled in, read aloud and sent: the time line follows them, and writes what is dragged into them.

/** @typedef {{van: number, tot: number}} Years The first and the last calendar year of a work, both included. */
/** @typedef {"begin" | "einde" | "geheel" | "nieuw"} Grip What is dragged: an edge, the whole bar, or a new one. */
/** @typedef {{van: HTMLInputElement, tot: HTMLInputElement, margin: HTMLInputElement, kind: HTMLSelectElement}} Fields */
/** @typedef {{fields: Fields, nameless: string, name: HTMLElement, track: HTMLElement, bar: HTMLElement, room: HTMLElement}} Row */

const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;
const LEAST_SPAN = 12;
const LEAST_TICK_PIXELS = 48;

/**
 * The year that a field holds; null for what is no year.
 * @param {string} text
 * @returns {number | null}
 */
export function readYear(text) {
  const year = /^\d{4}$/.test(text.trim()) ? Number(text) : 0;
  return year >= FIRST_YEAR && year <= LAST_YEAR ? year : null;
}

/**
 * The years of a work; one field alone counts for both, and null is said of what cannot be drawn.
 * @param {string} van
 * @param {string} tot
 * @returns {Years | null}
 */
export function readYears(van, tot) {
  const first = readYear(van) ?? readYear(tot);
  const last = readYear(tot) ?? first;
  return first !== null && last !== null && first <= last ? { van: first, tot: last } : null;
}

/**
 * The years that the time line shows: all works and the present, with room to drag into.
 * @param {Years[]} works
 * @param {number} present
 * @returns {Years}
 */
export function scaleOf(works, present) {
  const van = Math.min(present, ...works.map((work) => work.van)) - 1;
  const tot = Math.max(van + LEAST_SPAN, ...works.map((work) => work.tot + 4));
  return { van: Math.max(van, FIRST_YEAR), tot: Math.min(tot, LAST_YEAR) };
}

/**
 * The years after dragging by a number of years; a bar keeps its length, an edge does not pass the other one.
 * @param {Years} start
 * @param {Grip} grip
 * @param {number} by
 * @param {Years} scale
 * @returns {Years}
 */
export function dragged(start, grip, by, scale) {
  const within = (/** @type {number} */ year) => Math.min(Math.max(year, scale.van), scale.tot);
  switch (grip) {
    case "begin":
      return { van: Math.min(within(start.van + by), start.tot), tot: start.tot };
    case "einde":
      return { van: start.van, tot: Math.max(within(start.tot + by), start.van) };
    case "nieuw":
      return { van: Math.min(start.van, within(start.van + by)), tot: Math.max(start.tot, within(start.tot + by)) };
    case "geheel": {
      const moved = Math.min(Math.max(by, scale.van - start.van), scale.tot - start.tot);
      return { van: start.van + moved, tot: start.tot + moved };
    }
  }
}

/**
 * The years that are written along a time line so many pixels wide, without running into each other.
 * @param {Years} scale
 * @param {number} width
 * @returns {number[]}
 */
export function ticks(scale, width) {
  const span = scale.tot - scale.van + 1;
  const step = [1, 2, 5, 10, 20, 50].find((years) => (width / span) * years >= LEAST_TICK_PIXELS) ?? 100;
  const first = Math.ceil(scale.van / step) * step;
  return Array.from({ length: Math.floor((scale.tot - first) / step) + 1 }, (_, place) => first + place * step);
}

/**
 * Draw the time line in its place in the form.
 * @param {HTMLElement} panel
 */
function mount(panel) {
  const form = /** @type {HTMLFormElement} */ (panel.closest("form"));
  const axis = add(add(panel, "rij-jaren"), "as-jaren");
  const rows = [...form.querySelectorAll("fieldset.werk")].map(addRow);
  /** @type {Years | null} While something is dragged the years stay where they are. */
  let held = null;

  /** @param {Element} work @returns {Row} */
  function addRow(work) {
    const row = add(panel, "rij-jaren");
    const name = add(row, "naam-jaren");
    const track = add(row, "spoor");
    const room = add(track, "ruimte");
    const bar = add(track, "staaf");
    bar.dataset.greep = "geheel";
    add(bar, "rand links").dataset.greep = "begin";
    add(bar, "rand rechts").dataset.greep = "einde";
    const nameless = work.querySelector("legend")?.textContent ?? "";
    const drawn = { fields: fieldsOf(work), nameless, name, track, bar, room };
    track.addEventListener("pointerdown", (event) => take(event, drawn));
    return drawn;
  }

  /** @returns {Years} */
  function scale() {
    const day = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("peildatum"));
    const present = readYear((day?.value ?? "").slice(0, 4)) ?? new Date().getFullYear();
    return held ?? scaleOf(rows.flatMap((row) => yearsOf(row.fields) ?? []), present);
  }

  function draw() {
    const shown = scale();
    const years = ticks(shown, axis.clientWidth);
    axis.replaceChildren();
    for (const year of years) {
      const tick = add(axis, "jaar-merk");
      tick.textContent = String(year);
      place(tick, { van: year, tot: year }, shown);
    }
    for (const row of rows) drawRow(row, shown);
  }

  /** @param {PointerEvent} event @param {Row} row */
  function take(event, row) {
    const begun = yearsOf(row.fields);
    const grip = /** @type {Grip | undefined} */ (event.target instanceof HTMLElement ? event.target.dataset.greep : undefined);
    if (event.button !== 0 || (begun && !grip)) return;
    event.preventDefault();
    const shown = (held = scale());
    const box = row.track.getBoundingClientRect();
    const yearAt = (/** @type {number} */ x) => ((x - box.left) / box.width) * (shown.tot - shown.van + 1);
    const first = Math.min(shown.van + Math.floor(yearAt(event.clientX)), shown.tot);
    const start = begun ?? { van: first, tot: first };
    const before = { van: row.fields.van.value, tot: row.fields.tot.value };
    const ended = new AbortController();
    const { signal } = ended;

    /** @param {PointerEvent} moved */
    function follow(moved) {
      const by = begun
        ? Math.round(yearAt(moved.clientX) - yearAt(event.clientX))
        : Math.floor(yearAt(moved.clientX)) - Math.floor(yearAt(event.clientX));
      if (begun && by === 0) return write(row.fields, before.van, before.tot);
      const years = dragged(start, begun ? (grip ?? "geheel") : "nieuw", by, shown);
      write(row.fields, String(years.van), String(years.tot));
    }

    function release() {
      ended.abort();
      held = null;
      draw();
    }

    row.track.setPointerCapture(event.pointerId);
    row.track.addEventListener("pointermove", follow, { signal });
    row.track.addEventListener("pointerup", release, { signal });
    row.track.addEventListener(
      "pointercancel",
      () => {
        write(row.fields, before.van, before.tot);
        release();
      },
      { signal }
    );
    follow(event);
  }

  panel.hidden = false;
  form.addEventListener("input", draw);
  new ResizeObserver(draw).observe(axis);
}

/** @param {Element} work @returns {Fields} */
function fieldsOf(work) {
  const named = (/** @type {string} */ part) => work.querySelector(`[name$=".${part}"]`);
  return {
    van: /** @type {HTMLInputElement} */ (named("van")),
    tot: /** @type {HTMLInputElement} */ (named("tot")),
    margin: /** @type {HTMLInputElement} */ (named("schuifruimte")),
    kind: /** @type {HTMLSelectElement} */ (named("cyclus")),
  };
}

/** @param {Fields} fields */
function yearsOf(fields) {
  return readYears(fields.van.value, fields.tot.value);
}

/** @param {Fields} fields @param {string} van @param {string} tot */
function write(fields, van, tot) {
  if (fields.van.value === van && fields.tot.value === tot) return;
  fields.van.value = van;
  fields.tot.value = tot;
  for (const field of [fields.van, fields.tot]) field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {Row} row @param {Years} shown */
function drawRow(row, shown) {
  const { fields, name, bar, room } = row;
  const years = yearsOf(fields);
  const kind = fields.kind.value ? fields.kind.selectedOptions[0].text : row.nameless;
  name.textContent = years ? `${kind}: ${years.van === years.tot ? years.van : `${years.van}–${years.tot}`}` : kind;
  bar.hidden = room.hidden = years === null;
  if (!years) return;
  const margin = /^\d{1,2}$/.test(fields.margin.value) ? Number(fields.margin.value) : 0;
  place(bar, years, shown);
  place(room, { van: Math.max(years.van - margin, shown.van), tot: Math.min(years.tot + margin, shown.tot) }, shown);
}

/** @param {HTMLElement} element @param {Years} years @param {Years} shown */
function place(element, years, shown) {
  const span = shown.tot - shown.van + 1;
  element.style.left = `${((years.van - shown.van) / span) * 100}%`;
  element.style.width = `${((years.tot - years.van + 1) / span) * 100}%`;
}

/** @param {HTMLElement} parent @param {string} looks @returns {HTMLElement} */
function add(parent, looks) {
  const element = document.createElement("div");
  element.className = looks;
  parent.append(element);
  return element;
}

if (typeof document !== "undefined") {
  const panel = document.getElementById("jaarlijn");
  if (panel) mount(panel);
}
