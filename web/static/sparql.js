// The query page with an editor that has colours, and answers without loading the page anew.
// All that is shown is made by the server: the answer is the same page, of which one part is taken over.
(() => {
  "use strict";

  const form = part("formulier", HTMLFormElement);
  const area = part("query", HTMLTextAreaElement);
  const status = part("stand", HTMLElement);
  const prefixes = part("voorvoegsels", HTMLElement).textContent ?? "";
  const known = new Map([...prefixes.matchAll(/^PREFIX (\S*): .*$/gm)].map((m) => [m[1], m[0]]));
  /** @type {AbortController | null} */
  let running = null;
  /** @type {LineHandle | null} */
  let marked = null;

  const editor = CodeMirror.fromTextArea(area, {
    mode: "application/sparql-query",
    lineNumbers: true,
    lineWrapping: true,
    screenReaderLabel: document.querySelector('label[for="query"]')?.textContent ?? "",
    // Tab moves on to the button: whoever has no mouse must be able to leave the editor.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run },
  });
  editor.getInputField().setAttribute("aria-describedby", area.getAttribute("aria-describedby") ?? "");

  /**
   * An element of the page by its id; without it the page and this script are not of one version.
   * @template {HTMLElement} Kind
   * @param {string} id
   * @param {new () => Kind} kind
   * @returns {Kind}
   */
  function part(id, kind) {
    const found = document.getElementById(id);
    if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} called ${id}`);
    return found;
  }

  /** @param {string} query */
  function withPrefixes(query) {
    const code = query.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>\s]*>|#.*$/gm, " ");
    const declared = new Set([...code.matchAll(/\bPREFIX\s+([\w-]*):/gi)].map((m) => m[1]));
    const used = new Set([...code.matchAll(/(?<![\w?$:-])([A-Za-z][\w-]*|):(?=[\w-])/g)].map((m) => m[1]));
    const missing = [...used].filter((name) => known.has(name) && !declared.has(name));
    return missing.map((name) => known.get(name) + "\n").join("") + query;
  }

  async function run() {
    const query = withPrefixes(editor.getValue());
    if (query !== editor.getValue()) editor.setValue(query);
    editor.save();
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const address = form.action + "?" + new URLSearchParams(fields);
    running?.abort();
    const mine = (running = new AbortController());
    status.textContent = status.dataset.bezig ?? "";
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("uitkomst");
      if (found === null) throw new Error(`no answer: ${answer.status}`);
      show(found);
      history.replaceState(null, "", address);
    } catch (error) {
      if (!mine.signal.aborted) status.textContent = status.dataset.onbereikbaar ?? "";
    }
  }

  /** @param {HTMLElement} found */
  function show(found) {
    part("uitkomst", HTMLElement).replaceWith(found);
    const summary = found.querySelector(".samenvatting");
    status.textContent = summary ? summary.textContent : "";
    mark(found.querySelector("[data-regel]"));
    found.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement | null} error */
  function mark(error) {
    if (marked !== null) editor.removeLineClass(marked, "background", "foute-regel");
    marked = null;
    if (!error) return;
    const line = Number(error.dataset.regel) - 1;
    marked = editor.addLineClass(line, "background", "foute-regel");
    editor.setCursor(line, Number(error.dataset.kolom) - 1);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  mark(document.querySelector("#uitkomst [data-regel]"));
})();
