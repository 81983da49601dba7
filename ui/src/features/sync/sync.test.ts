import { beforeEach, describe, expect, it } from "vitest";
import type { Device } from "../../bindings/Device";
import type { StickFile } from "../../bindings/StickFile";
import type { SyncResult } from "../../bindings/SyncResult";
import { speak } from "../../lib/i18n.svelte";
import { bytes } from "../../lib/sizes";
import { aside } from "../../test/fixtures";
import { byNeed, seenWords } from "./devices";
import { sentSentences, standingOf, strangers, worthTaking } from "./stick";
import {
  asideTitle,
  asideWords,
  clockWords,
  isWeather,
  lateness,
  logByDay,
  needed,
  resultSentence,
  stageWords,
} from "./sync";

beforeEach(() => speak("fr"));
const plain = (text: string) => text.replace(/[\u00a0\u202f]/gu, " ");

describe("the panel's words", () => {
  it("say sizes as people do", () => {
    expect([999, 2210, 7_200_000_000].map((size) => plain(bytes(size)))).toEqual([
      "999 octets",
      "2,2 ko",
      "7,2 Go",
    ]);
  });

  it("say how long ago a contact was, and nothing on the same day", () => {
    expect(plain(lateness("2026-11-18T16:40", "2026-11-22"))).toBe(", il y a 4 jours");
    expect(lateness("2026-11-22T01:00", "2026-11-22")).toBe("");
  });

  it("say a clock that is years off in days", () => {
    expect(plain(clockWords(-47))).toContain("47 minutes");
    expect(plain(clockWords(60 * 24 * 3650))).toContain("3 650 jours");
  });

  it("name each place that is waited for once", () => {
    const needs = [
      { place: "Carrière", seq: 3 },
      { place: "Carrière", seq: 4 },
      { place: "Binko", seq: 1 },
    ];
    const wait = { place: "", author: "", label: "", since: "", days: 1, needs };
    expect(needed(wait)).toBe("2 saisies de Carrière, une saisie de Binko");
  });

  it("name what lies aside as far as it is known", () => {
    expect(asideTitle(aside())).toBe("Une saisie de Awa Traoré, CSCom de Kangaré");
    expect(asideTitle(aside({ saves: 3, from: "", place: "" }))).toBe("3 saisies d’un lieu inconnu ici");
  });

  it("explain every reason, also one that nobody foresaw", () => {
    for (const reason of ["scope", "revoked", "fork", "unknown-sender", "newer", "full", "never-heard-of"]) {
      const { why, what } = asideWords(reason, "abcdef0123456");
      expect(why && what).toBeTruthy();
    }
    expect(asideWords("never-heard-of", "abcdef0123456").what).toContain("never-heard-of abcdef01");
  });

  it("say what an exchange does, whether or not its end is known", () => {
    expect(plain(stageWords({ step: "sending", done: 19, total: 28, bytes: 22_000 }))).toBe(
      "Envoi : 19 sur 28 saisies, 22 ko",
    );
    expect(plain(stageWords({ step: "receiving", done: 1, total: 0, bytes: 800 }))).toContain("1 saisie,");
  });
});

describe("the log", () => {
  const result = (change: Partial<SyncResult> = {}): SyncResult => ({
    at: "2026-11-20T16:40",
    ok: true,
    sent: 0,
    received: 0,
    bytes_up: 250,
    bytes_down: 110,
    requests: 1,
    code: null,
    kind: "server",
    params: {},
    ...change,
  });

  it("tells an idle contact, a stick and a failure apart", () => {
    const said = [
      result(),
      result({ kind: "stick_out", sent: 3 }),
      result({ ok: false, code: "server-unreachable" }),
    ].map(resultSentence);
    expect(new Set(said).size).toBe(3);
    expect(said[2]).toContain("réseau");
    expect(isWeather(result({ ok: false, code: "server-unreachable" }))).toBe(true);
    expect(isWeather(result({ ok: false, code: "replica-unknown" }))).toBe(false);
  });

  it("says how long an exchange took", () => {
    const took = (ms: number) => plain(resultSentence(result({ params: { took: String(ms) } })));
    expect(took(12_340)).toMatch(/en 12 s$/u);
    expect(took(740)).toMatch(/en 0,7 s$/u);
    expect(took(9_960)).toMatch(/en 10 s$/u);
    expect(plain(resultSentence(result()))).not.toMatch(/ s$/u);
  });

  it("stands by day", () => {
    expect(
      logByDay([result(), result(), result({ at: "2026-11-19T08:00" })]).map((day) => day.results.length),
    ).toEqual([2, 1]);
  });
});

describe("who has not synced", () => {
  const device = (place_name: string, level: Device["level"], days: number | null): Device => ({
    replica: null,
    place: place_name,
    place_name,
    role: "lead",
    last_seen: days === null ? null : "2026-11-01T08:00",
    days,
    waiting: 0,
    version: null,
    level,
  });

  it("is grouped by what can be done and by name, never ranked", () => {
    const groups = byNeed([
      device("Tagan", "late", 20),
      device("Binko", "late", 40),
      device("Zana", "fresh", 0),
      device("Faraba", "never", null),
    ]);
    expect(groups.map(({ level, devices }) => [level, devices.map((one) => one.place_name)])).toEqual([
      ["late", ["Binko", "Tagan"]],
      ["never", ["Faraba"]],
      ["fresh", ["Zana"]],
    ]);
  });

  it("is said in words", () => {
    expect(seenWords(device("Tagan", "late", 23))).toBe("Pas vu depuis 23 jours");
    expect(seenWords(device("Tagan", "fresh", 0))).toBe("Vu aujourd’hui");
    expect(seenWords(device("Tagan", "never", null))).toBe("Jamais vu");
  });
});

describe("files on a stick", () => {
  const file = (change: Partial<StickFile>): StickFile => ({
    file: "a.nyetaa",
    from: "Awa Traoré",
    place: "CSCom de Kangaré",
    at_number: 1,
    for_us: true,
    new: true,
    known_sender: true,
    card: null,
    saves: 3,
    damaged: null,
    ...change,
  });
  it("tell a laptop that knows no reader yet how its card goes first", () => {
    const sent = { files: 1, bytes: 300, saves: 0, for: [], verified: true, card_only: true };
    expect(sentSentences(sent, 0, "CSCom de Kangaré")).toHaveLength(2);
  });

  it("tell what of ours waits for word from what else the stick carries, and name the server as people do", () => {
    const sent = {
      files: 2,
      bytes: 5793,
      saves: 17,
      for: ["Sélingué", "https://sync.example.ml"],
      verified: true,
      card_only: false,
    };
    expect(sentSentences(sent, 3, "CSCom de Kangaré").map(plain)).toEqual([
      "3 saisies de CSCom de Kangaré sont sur la clé. Elles seront « reçues » quand le district ou le serveur l’aura dit.",
      "La clé porte aussi 14 saisies que d’autres n’ont peut-être pas encore.",
      "Lisible seulement par : Sélingué, le serveur.",
    ]);
    expect(sentSentences(sent, 0, "CSCom de Kangaré")[0]).toContain("Aucune saisie de CSCom de Kangaré");
  });

  const stranger = file({ known_sender: false, card: "r9", from: "Fanta Sidibé" });

  it("ask once about a laptop that nobody knows", () => {
    expect(
      strangers([stranger, { ...stranger, file: "b.nyetaa" }, file({})]).map(({ replica }) => replica),
    ).toEqual(["r9"]);
  });

  it("are worth taking when new for us, from somebody trusted", () => {
    expect(worthTaking([file({ new: false }), file({ for_us: false })], new Set())).toBe(false);
    expect(worthTaking([stranger], new Set())).toBe(false);
    expect(worthTaking([stranger], new Set(["r9"]))).toBe(true);
    expect(standingOf(file({ for_us: false, known_sender: false }))).toBe("not_for_us");
    expect(standingOf(file({ saves: null }))).toBe("card");
    expect(standingOf(file({ damaged: "signature" }))).toBe("damaged");
  });
});
