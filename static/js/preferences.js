// Large type and the dark theme as this browser last chose them. A plain script in the head: it runs before the first paint.
(function () {
  const root = document.documentElement;
  const kept = {
    read(name) { try { return localStorage.getItem(name); } catch { return null; } },
    write(name, value) { try { localStorage.setItem(name, value); } catch { /* private windows keep nothing */ } },
  };

  root.classList.add("scripted");
  root.toggleAttribute("data-elder", kept.read("elder") === "on");
  const theme = kept.read("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const elder = document.querySelector("[data-toggles='elder']");
    const dark = document.querySelector("[data-toggles='theme']");
    const show = () => {
      elder?.setAttribute("aria-pressed", String(root.hasAttribute("data-elder")));
      dark?.setAttribute("aria-pressed", String(isDark()));
    };
    elder?.addEventListener("click", () => {
      root.toggleAttribute("data-elder");
      kept.write("elder", root.hasAttribute("data-elder") ? "on" : "off");
      show();
    });
    dark?.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      kept.write("theme", root.dataset.theme);
      show();
    });
    show();
    for (const control of [elder, dark]) if (control) control.hidden = false;
  });
})();
