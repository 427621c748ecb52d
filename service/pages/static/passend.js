// What a page does more with scripts. Without them every page works the same, one request later.

// After a part of the page was replaced, the cursor goes back to where somebody was typing.
let typing = "";
document.addEventListener("htmx:before:request", () => {
  const active = document.activeElement;
  const box = active?.closest(".kind")?.querySelector("input[type=text]");
  typing = (active?.matches("input[id]") ? active : box)?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const field = typing && document.getElementById(typing);
  if (field && document.activeElement !== field) field.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  const name = event.target.dataset?.pickAll;
  for (const box of name ? event.target.form.elements : []) if (box.name === name) box.checked = event.target.checked;
});

document.documentElement.classList.add("scripted");
