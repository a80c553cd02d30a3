// The language links keep the place on a page; the ledger filters and sorts, its state in the
// address.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest(".languages a");
  if (link) link.hash = location.hash;
});

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector("#ledger");
  if (table) ledger(table, document.querySelector("form.filter"));
  for (const box of document.querySelectorAll("pre, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; // so that keys can scroll it
  }
});

function ledger(table, form) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const printed = new Map(rows.map((row, at) => [row, { at, text: row.textContent.toLowerCase() + row.dataset.id }]));
  const said = form.querySelector("output");
  let sorted = "";

  const fits = {
    place: (row, wanted) => row.dataset.place === wanted,
    verdict: (row, wanted) => row.dataset.verdict === wanted,
    clash: (row, wanted) => (wanted === "*" ? row.dataset.clash !== "" : row.dataset.clash === wanted),
    words: (row, wanted) => wanted.toLowerCase().split(/\s+/).every((word) => printed.get(row).text.includes(word)),
  };

  function show() {
    const wanted = Object.keys(fits).filter((name) => form.elements[name].value.trim());
    for (const row of rows) row.hidden = !wanted.every((name) => fits[name](row, form.elements[name].value.trim()));
    const left = rows.filter((row) => !row.hidden).length;
    said.textContent = left ? said.dataset.rows.replace("N", left) : said.dataset.none;
  }

  function sort() {
    const down = sorted.startsWith("-");
    const heads = [...table.tHead.rows[0].cells];
    const column = heads.findIndex((head) => head.dataset.key === sorted.replace("-", ""));
    const text = (row) => row.cells[column].textContent;
    const order = (a, b) =>
      (column < 0 ? 0 : text(a).localeCompare(text(b), document.documentElement.lang, { numeric: true })) * (down ? -1 : 1)
      || printed.get(a).at - printed.get(b).at;
    body.append(...rows.sort(order));
    heads.forEach((head, at) => {
      head.ariaSort = at !== column ? "none" : down ? "descending" : "ascending";
    });
  }

  function write() {
    const chosen = new URLSearchParams();
    for (const name of Object.keys(fits)) if (form.elements[name].value.trim()) chosen.set(name, form.elements[name].value.trim());
    if (sorted) chosen.set("sort", sorted);
    history.replaceState(null, "", `#${chosen}`);
  }

  function read() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const name of Object.keys(fits)) form.elements[name].value = chosen.get(name) ?? "";
    sorted = chosen.get("sort") ?? "";
    sort();
    show();
  }

  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      sorted = sorted === head.dataset.key ? `-${sorted}` : head.dataset.key;
      sort();
      write();
    });
  }
  form.addEventListener("input", () => { show(); write(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", read);
  form.hidden = false;
  read();
}
