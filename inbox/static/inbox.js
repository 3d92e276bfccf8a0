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

  document.documentElement.classList.add("has-script");
})();
