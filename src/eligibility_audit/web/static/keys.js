// Keys and what is typed but not sent. Every page works without this file.
(() => {
  "use strict";
  const typing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
  const rows = () => [...document.querySelectorAll("a.open")];
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at + by))].focus();
  };
  const go = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const acts = {
    "?": () => document.getElementById("keys").showModal(),
    "/": () => { const find = document.getElementById("find"); if (find) find.focus(); },
    h: () => { location.href = "/"; },
    q: () => { location.href = "/queue"; },
    j: () => move(1),
    k: () => move(-1),
    n: () => go("#next"),
    p: () => go('a[href$="/sheet"]'),
    b: () => { const steps = document.getElementById("steps"); if (steps) { steps.scrollIntoView(); steps.focus(); } },
  };
  document.addEventListener("keydown", (e) => {
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
    const act = acts[e.key];
    if (act) { e.preventDefault(); act(); }
  });
  // A dropped line loses no typed reason: it stays in this browser tab, under the step that it was
  // typed for, until the case has moved on.
  for (const area of document.querySelectorAll("textarea[data-keep]")) {
    const key = "ea-" + area.dataset.keep;
    const kept = sessionStorage.getItem(key);
    if (kept && !area.value) { area.value = kept; area.closest("details").open = true; }
    area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
  }
  const out = document.querySelector("form.out");
  if (out) out.addEventListener("submit", () => sessionStorage.clear());
  const refused = document.getElementById("refused");
  if (refused) refused.focus();
})();
