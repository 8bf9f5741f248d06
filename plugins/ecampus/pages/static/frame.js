// In Airflow's frame neither a new tab nor another page of Airflow can be opened: a link of its own document does it.
"use strict";

const framed = window.parent !== window;

for (const link of document.querySelectorAll("a[data-outside]")) {
  if (link.classList.contains("whole")) link.hidden = !framed;
  link.addEventListener("click", (event) => {
    if (!framed) return;
    event.preventDefault();
    const outside = window.parent.document.createElement("a");
    outside.href = link.href;
    if (link.classList.contains("whole")) outside.target = "_blank";
    window.parent.document.body.append(outside);
    outside.click();
    outside.remove();
  });
}
