/** Where the person is, as the part after `#/`, cut at the slashes. */
let parts = $state.raw<readonly string[]>(read());

function read(): readonly string[] {
  return location.hash.replace(/^#\/?/u, "").split("/").filter(Boolean).map(decodeURIComponent);
}

addEventListener("hashchange", () => {
  parts = read();
});

export function where(): readonly string[] {
  return parts;
}

/** The address of a screen, for a link. */
export function href(...to: readonly string[]): string {
  return `#/${to.map(encodeURIComponent).join("/")}`;
}

export function go(...to: readonly string[]): void {
  location.hash = href(...to);
  parts = read();
}
