// The little that htmx does not do: dialogs, a session that is over, what is to be copied or printed.
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
        find("input:not([type=hidden]), select, textarea", dialog)?.focus();
      }
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
      return;
    }
    const copier = event.target.closest("[data-copies]");
    if (copier) {
      const text = document.getElementById(copier.dataset.copies)?.innerText ?? "";
      navigator.clipboard?.writeText(text.trim()).then(() => {
        const told = find(`#${copier.dataset.tells}`);
        if (told) told.textContent = copier.dataset.told;
      });
      return;
    }
    if (event.target.closest("[data-prints]")) window.print();
  });

  // Selects that act at once still work as forms without a script: their button is hidden by this.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
  });

  // A session that is over: what was being written stays, and signing in happens in another tab.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) find("#signed-out")?.removeAttribute("hidden");
  });
  document.addEventListener("htmx:sendError", () => find("#offline")?.removeAttribute("hidden"));
  document.addEventListener("htmx:afterOnLoad", () => find("#offline")?.setAttribute("hidden", ""));

  // Signed in again in another tab, as the same person: this page's forms take the new token and can be sent.
  const renew = async () => {
    const banner = find("#signed-out");
    if (!banner || banner.hidden || !document.body.dataset.renews) return;
    const answer = await fetch(document.body.dataset.renews, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const told = await answer.json();
    if (String(told.account) !== document.body.dataset.account) return;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": told.csrf }));
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = told.csrf;
    banner.hidden = true;
  };
  window.addEventListener("focus", renew);
  document.addEventListener("visibilitychange", renew);

  document.documentElement.classList.add("has-script");
})();
