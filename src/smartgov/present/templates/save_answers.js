// Saves what was ticked as a CSV file that `make rerun` reads. Nothing is loaded or sent.
const SAID = {{ said|tojson }};
const form = document.forms[0];
const KEPT = `{{ stem }} ${location.pathname}`;
const radios = [...form.querySelectorAll("input[type=radio]")];
const names = [...new Set(radios.map((radio) => radio.name))];
const sides = names.filter((name) => name.endsWith("{{ SIDE }}"));
const intensityOf = (side) => side.slice(0, -"{{ SIDE }}".length) + "{{ INTENSITY }}";
const show = (text) => { document.querySelector("#said").textContent = text; };

// The answers by field; an intensity ticked before “equal” is none.
function given() {
  const answers = Object.fromEntries(new FormData(form));
  for (const side of sides) if (answers[side] === "equal") delete answers[intensityOf(side)];
  return answers;
}

function unanswered(answers) {
  const open = sides.filter((side) => !answers[side] || (answers[side] !== "equal" && !answers[intensityOf(side)]));
  return open.map((side) => form.elements[side][0].closest("fieldset").querySelector("legend").textContent);
}

function csv(answers) {
  const asked = sides.flatMap((side) => [side, intensityOf(side)]).sort(); // alike in every copy
  const columns = ["expert_code", "consent", "round", ...asked];
  return [columns, columns.map((name) => answers[name] ?? "")].map((row) => row.join(",") + "\r\n").join("");
}

function save() {
  const answers = { ...given(), round: "{{ round }}" };
  if (answers.consent !== "yes") return show(answers.consent ? SAID.declined : SAID.consent);
  if (!/^{{ CODE_PATTERN }}$/.test(answers.expert_code)) return show(SAID.code);
  const open = unanswered(answers);
  if (open.length && !confirm(SAID.open.replace("{numbers}", open.join(", ")))) return;
  const link = document.createElement("a");
  link.download = `answers_round_{{ round }}_${answers.expert_code}.csv`;
  link.href = URL.createObjectURL(new Blob([csv(answers)], { type: "text/csv" }));
  link.click();
  keep(null);
  show(SAID.saved.replace("{file}", link.download));
}

// What was ticked outlasts a reload; a browser may forbid a local page to keep anything.
function keep(answers) {
  try {
    if (answers) localStorage.setItem(KEPT, JSON.stringify(answers));
    else localStorage.removeItem(KEPT);
  } catch { /* the page works without */ }
}

function kept() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
}

for (const [name, value] of Object.entries(kept())) if (form.elements[name]) form.elements[name].value = value;
form.addEventListener("input", () => keep(given()));
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
