// What a page does more with scripts. Without them every page works the same, one request later.

// After a part of the page was replaced, the cursor goes back to where somebody was typing.
let typing = "";
document.addEventListener("htmx:before:request", () => {
  const active = document.activeElement;
  const box = active?.closest(".kind")?.querySelector("input[type=text]");
  typing = (active?.matches("input[id]") ? active : box)?.id ?? "";
  alerts().replaceChildren();
});
document.addEventListener("htmx:after:swap", () => {
  const field = alerts().hasChildNodes() ? alerts() : typing && document.getElementById(typing);
  if (field && document.activeElement !== field) field.focus();
});

// What went wrong is told at the top of the page, and what was asked from stays as it is. Passend itself says so in the headers of
// its answer; this is for an answer of something in between, and for none at all.
const alerts = () => document.getElementById("alerts");
const unreachable = () => document.getElementById("unreachable");
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.hx.retarget || (ctx.response.status < 500 && !/<html/i.test(ctx.text))) return;
  Object.assign(ctx.hx, { retarget: "#alerts", reswap: "innerHTML" });
  ctx.text = unreachable().innerHTML;
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx.response) return;
  alerts().replaceChildren(unreachable().content.cloneNode(true));
  alerts().focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.pickAll;
  for (const box of name ? event.target.form.elements : []) if (box.name === name) box.checked = event.target.checked;
});

document.documentElement.classList.add("scripted");
