/* How the reader wants to read: the settings in the header, links to copy, what is folded on paper. */
(() => {
  "use strict";
  const root = document.documentElement;
  const ALOUD = new URL("aloud.js", document.currentScript.src).href;
  const SEARCH = new URL("search.js", document.currentScript.src).href;

  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* Settings ---------------------------------------------------------------------------------------------- */

  const startSettings = (settings) => {
    for (const input of settings.querySelectorAll("input[type=radio]")) {
      input.checked = input.value === (root.dataset[input.name] || "");
      input.addEventListener("change", () => {
        if (input.value) root.dataset[input.name] = input.value;
        else delete root.dataset[input.name];
        try {
          localStorage.setItem(input.name, input.value);
        } catch {
          // Forbidden storage: the choice lasts for the page (see site.js).
        }
        document.dispatchEvent(new Event("reading"));
      });
    }
    const close = (back) => {
      settings.open = false;
      if (back) settings.querySelector("summary").focus();
    };
    settings.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !settings.open) return;
      event.preventDefault();
      close(true);
    });
    // It lies over the page: who goes on reading, by key or by finger, shall see what is beneath.
    settings.addEventListener("focusout", (event) => event.relatedTarget && !settings.contains(event.relatedTarget) && close());
    for (const kind of ["pointerdown", "mousedown"]) {
      document.addEventListener(kind, (event) => !settings.contains(event.target) && close());
    }
    // Who never opens the settings need not wait for what reads aloud; it shows itself when it has come.
    const fetchAloud = () => {
      settings.removeEventListener("toggle", fetchAloud);
      const script = element("script", { src: ALOUD });
      script.onerror = () => {
        script.remove();
        settings.addEventListener("toggle", fetchAloud);
      };
      document.head.append(script);
    };
    if ("speechSynthesis" in window && "SpeechSynthesisUtterance" in window) settings.addEventListener("toggle", fetchAloud);
    settings.parentElement.classList.add("ready");
  };

  /* Links to copy ----------------------------------------------------------------------------------------- */

  const ON_A_SERVER = location.protocol.startsWith("http");

  const copy = async (words) => {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // Without https there is no clipboard but the old way's.
      const box = element("textarea", { class: "off-screen", "aria-hidden": "true" });
      box.value = words;
      const focused = document.activeElement;
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      if (focused) focused.focus();
    }
  };

  const startCopying = (cite) => {
    // Not role=status: a screen reader would name it at the end of every page, empty as it is.
    const notice = element("p", { class: "notice", "aria-live": "polite" });
    document.body.append(notice);
    let waiting;
    const copied = async (words, what) => {
      clearTimeout(waiting);
      notice.textContent = "";
      await copy(words);
      // After the browser has gone to the link: what is read out there would cut this short.
      waiting = setTimeout(() => {
        notice.textContent = `已复制${what}`;
        waiting = setTimeout(() => (notice.textContent = ""), 4000);
      }, 300);
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.copy-link, a.permalink, a.headerlink");
      if (!link || !ON_A_SERVER || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (link.matches(".copy-link")) event.preventDefault();
      copied(link.href, "链接");
    });
    if (!cite) return;
    const words = cite.querySelector("[data-cite]");
    const address = words.querySelector(".address");
    if (!address.textContent && ON_A_SERVER) address.textContent = `，${location.origin}${location.pathname}`;
    cite.querySelector("[data-copy-cite]").addEventListener("click", () => copied(words.textContent, "引用"));
    cite.classList.add("ready");
  };

  /* On paper nothing is folded ------------------------------------------------------------------------------ */

  const startPrinting = () => {
    let opened = [];
    const unfold = () => {
      opened = opened.concat([...document.querySelectorAll("main details:not([open]), .cite:not([open])")]);
      for (const details of opened) details.open = true;
    };
    const fold = () => {
      for (const details of opened) details.open = false;
      opened = [];
    };
    if ("onbeforeprint" in window) {
      addEventListener("beforeprint", unfold);
      addEventListener("afterprint", fold);
    } else {
      matchMedia("print").addListener(({ matches }) => (matches ? unfold() : fold())); // Safari before 13
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    startSettings(document.querySelector(".settings"));
    startCopying(document.querySelector(".cite"));
    startPrinting();
    // Who comes from the search page is shown the words; nobody else needs what finds them.
    if (new URLSearchParams(location.search).has("find")) document.head.append(element("script", { src: SEARCH }));
  });
})();
