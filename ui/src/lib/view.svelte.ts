export type TextSize = "100" | "125" | "150";

let text = $state<TextSize>("100");
let contrast = $state(false);

/** How the screen is read; kept until the window closes, so that the next person starts afresh. */
export const view = {
  get text(): TextSize {
    return text;
  },
  set text(size: TextSize) {
    text = size;
    document.documentElement.dataset["text"] = size;
  },
  get contrast(): boolean {
    return contrast;
  },
  set contrast(on: boolean) {
    contrast = on;
    document.documentElement.dataset["contrast"] = on ? "high" : "normal";
  },
};
