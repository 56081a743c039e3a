// Keeps the parts of a page fresh that say so: data-catalog-live names the address that such a part is asked from.
(() => {
  "use strict";
  const BUSY_MS = 2000;
  const CALM_MS = 10000;

  const refresh = async (part) => {
    if (!document.hidden && !part.contains(document.activeElement)) {
      try {
        const response = await fetch(part.dataset.catalogLive, { credentials: "same-origin" });
        if (response.redirected || response.status === 403) return; // not logged in any more
        if (response.ok) {
          const text = (await response.text()).trim();
          if (part.dataset.shown !== text) {
            part.innerHTML = text;
            part.dataset.shown = text;
          }
        }
      } catch {
        // The server cannot be reached; the next turn tries again.
      }
    }
    const isBusy = part.querySelector("[data-catalog-busy]") !== null;
    setTimeout(() => refresh(part), isBusy ? BUSY_MS : CALM_MS);
  };

  for (const part of document.querySelectorAll("[data-catalog-live]")) {
    setTimeout(() => refresh(part), BUSY_MS);
  }
})();
