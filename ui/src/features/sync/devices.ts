import type { Device } from "../../bindings/Device";
import { t } from "../../lib/i18n.svelte";

/** Laptops by what can be done about them; within, by name, for nobody is ranked. */
export function byNeed(devices: readonly Device[]): { level: Device["level"]; devices: Device[] }[] {
  return (["late", "never", "fresh"] as const).flatMap((level) => {
    const some = devices
      .filter((device) => device.level === level)
      .sort((a, b) => a.place_name.localeCompare(b.place_name, "fr"));
    return some.length === 0 ? [] : [{ level, devices: some }];
  });
}

/** When a laptop was last heard of, in words. */
export function seenWords(device: Device): string {
  if (device.last_seen === null || device.days === null) return t("devices-never-seen");
  if (device.days === 0) return t("devices-today");
  return device.level === "late"
    ? t("devices-not-seen", { days: device.days })
    : t("devices-seen", { days: device.days });
}
