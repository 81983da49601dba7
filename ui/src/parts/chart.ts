import { nice, ticks as ticksBetween } from "d3-array";
import { line } from "d3-shape";
import type { ChartPoint } from "../bindings/ChartPoint";
import type { ChartView } from "../bindings/ChartView";

/** An event drawn as a flag above the plot. */
export interface Mark {
  /** The period it stands over. */
  period: string;
  /** The last period, where it lasted longer. */
  until?: string | null;
  label: string;
}

/** Where a flag and its words go. */
export interface PlacedMark {
  x: number;
  /** 0 is the lane next to the plot. */
  lane: number;
  side: "left" | "right";
  label: string;
  /** Which of the marks it is. */
  of: number;
}

export interface DrawnPoint {
  index: number;
  x: number;
  y: number;
  point: ChartPoint;
}

export interface Layout {
  width: number;
  height: number;
  plot: { left: number; right: number; top: number; bottom: number };
  step: number;
  /** The middle of each period, drawn or not. */
  xs: number[];
  drawn: DrawnPoint[];
  /** Periods of which there is no data, for a reason. */
  silent: { x: number; index: number }[];
  /** Where the scale of a percentage ends, when that is far from a hundred. */
  scale: number | null;
  ticks: { value: number; y: number }[];
  /** Solid between complete neighbours. */
  path: string;
  /** The part that makes the signal. */
  signalPath: string;
  /** Dotted, to an unfinished last month. */
  partPath: string;
  centre: { y: number; from: number; to: number; end: number; labelY: number } | null;
  /** The centre lines of the phases before, each named by its value. */
  before: { y: number; from: number; to: number; value: number; label: { x: number; y: number } }[];
  /** Where a phase begins. */
  breaks: { x: number; index: number }[];
  goal: { y: number; labelY: number; path: string } | null;
  /** The limits, in steps from period to period; none on run charts. */
  limits: { path: string; value: number; labelY: number }[];
  marks: PlacedMark[];
  /** How long an event lasted, on lines of their own at the upper edge of the plot. */
  spans: { from: number; to: number; y: number }[];
  lanes: number;
  /** Every how many periods a month is named, and its counts are written, counted from the last. */
  every: { month: number; counts: number };
  /** Where years begin: the left edge of the period and the year's name. */
  years: { x: number; label: string; first: boolean }[];
  /** The last complete value, named beside its point. */
  last: { x: number; y: number; value: number } | null;
  rows: { months: number; years: number; n: number; d: number };
}

export interface Room {
  width: number;
  plotHeight: number;
  /** How much larger than 16 px the reader has set the text. */
  zoom: number;
  hasDenominator: boolean;
  percent: boolean;
  /** How wide a text is drawn, in pixels. */
  measure: (text: string) => number;
}

const LANE = 22;
/** Parts of a hundred that stay below this would lie flat on a scale that goes to a hundred. */
const SMALL_PART = 30;
/** The flag and the space between it and its words. */
const FLAG = 13;

/** Everything the drawing needs, in pixels of the real width. */
export function layout(view: ChartView, marks: readonly Mark[], room: Room): Layout {
  const { zoom } = room;
  const left = 40 * zoom;
  const right = room.width - 84 * zoom;
  const count = Math.max(view.points.length, 1);
  const step = (right - left) / count;
  const xs = view.points.map((_, i) => left + (i + 0.5) * step);

  const indexOf = (period: string | null | undefined) =>
    view.points.findIndex((point) => point.label === period);
  const standing = marks.flatMap((mark, of) => {
    const index = indexOf(mark.period);
    return index < 0 ? [] : [{ mark, of, index }];
  });
  const placed = placeMarks(
    standing.map(({ mark, index }) => ({
      x: xs[index] ?? 0,
      label: mark.label,
      width: room.measure(mark.label),
    })),
    room.width,
  ).map((mark) => ({ ...mark, of: standing[mark.of]?.of ?? 0 }));
  const lanes = placed.reduce((most, mark) => Math.max(most, mark.lane + 1), 0);

  const values = view.points.flatMap((point) => (point.value === null ? [] : [point.value]));
  const limits = view.points.flatMap((point) => (point.limits ? [point.limits.upper] : []));
  const goals = view.points.flatMap((point) => (point.goal === null ? [] : [point.goal]));
  const highest = Math.max(...values, ...limits, ...goals, view.goal ?? 0, view.centre ?? 0, 0);
  // Not d3-scale: it brings d3-color, which cannot be loaded where the window freezes Object.prototype.
  const whole = room.percent && highest <= 100 && (highest > SMALL_PART || highest === 0);
  const [lowest, uppermost] = whole ? [0, 100] : nice(0, highest === 0 ? 1 : highest, 5);
  // That the scale ends far from a hundred is said above it.
  const told = room.percent && !whole && highest <= 100 ? uppermost : null;
  const top = (12 + lanes * LANE + 6 + (told === null ? 0 : 12)) * zoom;
  const bottom = top + room.plotHeight;
  const y = (value: number) => bottom + ((value - lowest) / (uppermost - lowest)) * (top - bottom);
  const ticks = whole ? [0, 25, 50, 75, 100] : ticksBetween(lowest, uppermost, 5);

  const drawn = view.points.flatMap((point, index) =>
    point.value === null ? [] : [{ index, x: xs[index] ?? 0, y: y(point.value), point }],
  );
  const complete = drawn.filter(({ point }) => !point.incomplete);
  const lastComplete = complete.at(-1);
  const unfinished = drawn.filter(({ point }) => point.incomplete);

  const through = line<DrawnPoint | null>()
    .defined((at) => at !== null)
    .x((at) => at?.x ?? 0)
    .y((at) => at?.y ?? 0);
  const byIndex = new Map(complete.map((at) => [at.index, at]));
  const places = view.points.map((_, index) => byIndex.get(index) ?? null);
  const starts = new Set(view.phases.slice(1).map((phase) => phase.first));
  // A new phase is another line: the one before ends with a gap.
  const parted = <T>(all: readonly (T | null)[]): (T | null)[] =>
    all.flatMap((at, index) => (starts.has(index) ? [null, at] : [at]));
  const firstUnfinished = unfinished[0];
  const dotted = firstUnfinished
    ? [complete.find((at) => at.index === firstUnfinished.index - 1) ?? null, ...unfinished]
    : [];

  return {
    width: room.width,
    height: bottom + (room.hasDenominator ? 76 : 59) * zoom,
    plot: { left, right, top, bottom },
    step,
    xs,
    drawn,
    silent: view.points.flatMap((point, index) =>
      point.no_data === null ? [] : [{ x: xs[index] ?? 0, index }],
    ),
    scale: told,
    ticks: ticks.map((value) => ({ value, y: y(value) })),
    path: through(parted(places)) ?? "",
    signalPath: through(parted(places.map((at) => (at?.point.signal ? at : null)))) ?? "",
    partPath: through(dotted) ?? "",
    ...labelled(view, y, left, right, lastComplete, step, zoom),
    before: phasesBefore(view, drawn, y, left, step, zoom),
    breaks: [...starts].map((index) => ({ index, x: left + index * step })),
    marks: placed,
    spans: standing
      .filter(({ mark, index }) => indexOf(mark.until) > index)
      .map(({ mark, index }, i) => ({
        from: left + index * step,
        to: left + (indexOf(mark.until) + 1) * step,
        y: top + (1 + (i % 3) * 5) * zoom,
      })),
    lanes,
    every: thinning(view.points, step, room),
    years: years(view.points, left, step),
    last: lastComplete ? named(lastComplete, drawn, right, zoom) : null,
    rows: {
      months: bottom + 17 * zoom,
      years: bottom + 32 * zoom,
      n: bottom + 52 * zoom,
      d: bottom + 69 * zoom,
    },
  };
}

/** The lines across the plot, with their labels pushed apart where they would touch. */
function labelled(
  view: ChartView,
  y: (value: number) => number,
  left: number,
  right: number,
  lastComplete: DrawnPoint | undefined,
  step: number,
  zoom: number,
): Pick<Layout, "centre" | "goal" | "limits"> {
  const goal =
    view.goal === null
      ? null
      : {
          y: y(view.goal),
          labelY: y(view.goal),
          path: steps(
            view.points.map((point) => point.goal ?? null),
            y,
            left,
            step,
          ),
        };
  const current = view.phases.at(-1)?.first ?? 0;
  const baseline = view.points.findLastIndex((point) => point.baseline && !point.incomplete);
  const centre =
    view.centre === null
      ? null
      : {
          y: y(view.centre),
          from: left + current * step,
          // Solid over the months it was computed from, dotted after.
          to: Math.max(
            left + current * step,
            Math.min(left + (baseline + 1) * step, lastComplete ? lastComplete.x + step / 2 : left, right),
          ),
          end: right,
          labelY: y(view.centre),
        };
  const limits = (["upper", "lower"] as const).flatMap((which) => {
    const values = view.points.map((point) => point.limits?.[which] ?? null);
    const value = values.findLast((known) => known !== null);
    if (value === undefined || value === null) return [];
    const starts = new Set(view.phases.map((phase) => phase.first));
    return [{ path: steps(values, y, left, step, starts), value, labelY: y(value) }];
  });
  // The centre and the goal take two lines of text, the limits one.
  const labels = [
    ...(goal ? [{ of: goal, room: 40 * zoom }] : []),
    ...(centre ? [{ of: centre, room: 40 * zoom }] : []),
    ...limits.map((of) => ({ of, room: 20 * zoom })),
  ];
  pushApart(labels);
  return { centre, goal, limits };
}

/** A line in steps, level over each period that has a value. */
function steps(
  values: readonly (number | null)[],
  y: (value: number) => number,
  left: number,
  step: number,
  parted: ReadonlySet<number> = new Set(),
): string {
  let path = "";
  values.forEach((value, i) => {
    if (value === null) return;
    const joined = i > 0 && values[i - 1] !== null && !parted.has(i);
    path += `${joined ? "V" : `M${left + i * step} `}${y(value)}H${left + (i + 1) * step}`;
  });
  return path;
}

/** How often the line passes through a box: its points, and what lies between neighbours. */
function inTheWay(drawn: readonly DrawnPoint[]): (box: Box) => number {
  const on = drawn.flatMap((at, i) => {
    const next = drawn[i + 1];
    if (next?.index !== at.index + 1) return [at];
    return [0, 0.25, 0.5, 0.75].map((part) => ({
      x: at.x + part * (next.x - at.x),
      y: at.y + part * (next.y - at.y),
    }));
  });
  return ({ left, right, top, bottom }) =>
    on.filter(({ x, y }) => x > left && x < right && y > top && y < bottom).length;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where words are least in the way of the line: the first of the places offered that are equally good. */
function quietest<P extends { x: number; y: number }>(
  places: readonly P[],
  drawn: readonly DrawnPoint[],
  box: (place: P) => Box,
): P | undefined {
  const crossed = inTheWay(drawn);
  let best: { place: P; times: number } | undefined;
  for (const place of places) {
    const times = crossed(box(place));
    if (!best || times < best.times) best = { place, times };
  }
  return best?.place;
}

/** The phases that are over, each with its value over or under its line, where fewest points are in the way. */
function phasesBefore(
  view: ChartView,
  drawn: readonly DrawnPoint[],
  y: (value: number) => number,
  left: number,
  step: number,
  zoom: number,
): Layout["before"] {
  const wide = 48 * zoom;
  return view.phases.slice(0, -1).flatMap(({ first, last, centre }) => {
    if (centre === null) return [];
    const [from, to, at] = [left + first * step, left + (last + 1) * step, y(centre)];
    const count = Math.max(1, Math.floor((to - from) / wide));
    const places = Array.from({ length: count }, (_, i) => to - 4 * zoom - i * wide).flatMap((x) => [
      { x, y: at - 5 * zoom },
      { x, y: at + 15 * zoom },
      { x, y: at - 16 * zoom },
      { x, y: at + 26 * zoom },
    ]);
    const label = quietest(places, drawn, (place) => ({
      left: place.x - wide,
      right: place.x + 4,
      top: place.y - 13 * zoom,
      bottom: place.y + 5 * zoom,
    }));
    return [{ y: at, from, to, value: centre, label: label ?? { x: to, y: at } }];
  });
}

interface Label {
  of: { labelY: number };
  /** How much height it takes. */
  room: number;
}

/** Moves labels as little as possible so that none touches another; their order stays. */
export function pushApart(labels: readonly Label[]): void {
  interface Block {
    labels: Label[];
    middle: number;
    height: number;
  }
  const blocks: Block[] = [];
  for (const label of [...labels].sort((a, b) => a.of.labelY - b.of.labelY)) {
    let block: Block = { labels: [label], middle: label.of.labelY, height: label.room };
    // Labels that touch form a block, which stands where its labels would like to be on average.
    for (let above = blocks.at(-1); above && touches(above, block); above = blocks.at(-1)) {
      blocks.pop();
      const count = above.labels.length + block.labels.length;
      block = {
        labels: [...above.labels, ...block.labels],
        middle: (above.middle * above.labels.length + block.middle * block.labels.length) / count,
        height: above.height + block.height,
      };
    }
    blocks.push(block);
  }
  for (const { labels: together, middle, height } of blocks) {
    let top = middle - height / 2;
    for (const { of, room } of together) {
      of.labelY = top + room / 2;
      top += room;
    }
  }

  function touches(above: Block, below: Block): boolean {
    return above.middle + above.height / 2 > below.middle - below.height / 2;
  }
}

/** The words stand on the side the line does not come from, and never reach into the labels at the right. */
function named(last: DrawnPoint, drawn: readonly DrawnPoint[], right: number, zoom: number): Layout["last"] {
  const before = drawn.filter((at) => at.index < last.index).at(-1);
  const below = before !== undefined && before.y < last.y;
  const x = Math.min(last.x, right - 22 * zoom);
  const aside = below ? [22, -12, 36, -26] : [-12, 22, -26, 36];
  const place = quietest(
    aside.map((far) => ({ x, y: last.y + far * zoom })),
    drawn,
    (at) => ({
      left: at.x - 25 * zoom,
      right: at.x + 25 * zoom,
      top: at.y - 14 * zoom,
      bottom: at.y + 6 * zoom,
    }),
  );
  return {
    x,
    y: place?.y ?? last.y,
    value: last.point.value ?? 0,
  };
}

/** Every how many periods there is room to name a month, and to write its counts. */
function thinning(points: readonly ChartPoint[], step: number, room: Room): Layout["every"] {
  const digits = points.reduce(
    (most, { n, d }) => Math.max(most, String(n ?? 0).length, String(d ?? 0).length),
    0,
  );
  const every = (needed: number) => Math.max(1, Math.ceil((needed * room.zoom) / Math.max(step, 1)));
  const counts = every(digits * 7 + 3);
  const month = every(27);
  // Counts that are left out follow the months, so that each column is whole.
  return { month, counts: counts === 1 ? 1 : Math.max(month, counts) };
}

function years(points: readonly ChartPoint[], left: number, step: number): Layout["years"] {
  const begins = points.flatMap((point, index) => {
    const year = point.label.slice(0, 4);
    const begun = index === 0 || points[index - 1]?.label.slice(0, 4) !== year;
    return begun ? [{ x: left + index * step, label: year, first: index === 0 }] : [];
  });
  // A year whose name would run into the next one's keeps silent.
  return begins.filter((year, i) => (begins[i + 1]?.x ?? Infinity) - year.x > 34);
}

interface Words {
  x: number;
  label: string;
  width: number;
}

interface Numbered extends Words {
  /** Which of the marks it is. */
  of: number;
}

/** How many flags have words; older ones keep their flag and stand in the table. */
const NAMED = 5;

/** The shares of the picture's width that words may take, the widest that fits first. */
const SHARES = [0.42, 0.3, 0.2];

/**
 * Gives each flag a lane and a side so that no words overlap and no pole crosses words. The best placing has
 * the fewest lanes; among those, words to the left, where the past is quiet.
 */
export function placeMarks(marks: readonly Words[], width: number): PlacedMark[] {
  const inOrder = marks.map((mark, of) => ({ ...mark, of })).sort((a, b) => a.x - b.x);
  for (let many = Math.min(inOrder.length, NAMED); many > 0; many--) {
    const silent = inOrder.slice(0, inOrder.length - many).map(bare);
    const named = inOrder.slice(silent.length);
    for (const share of SHARES) {
      const words = named.map((mark) => shorten(mark, width * share));
      for (let lanes = 1; lanes <= words.length; lanes++) {
        const found = place(words, lanes, width, []);
        if (found) return [...silent, ...aboveSilent(silent, found, words)];
      }
    }
  }
  return inOrder.map(bare);
}

/** The flags with words; one lane higher where the lowest would write over a flag without words or its pole. */
function aboveSilent(
  silent: readonly PlacedMark[],
  named: PlacedMark[],
  words: readonly Words[],
): PlacedMark[] {
  const over = (mark: PlacedMark, word: Words | undefined) => {
    if (!word || mark.lane > 0) return false;
    const [from, to] = extent(mark, word);
    return silent.some(({ x }) => x > from - 3 && x - FLAG < to + 3);
  };
  if (!named.some((mark, i) => over(mark, words[i]))) return named;
  return named.map((mark) => ({ ...mark, lane: mark.lane + 1 }));
}

/** A flag without words. */
function bare(mark: Numbered): PlacedMark {
  return { x: mark.x, lane: 0, side: "left", label: "", of: mark.of };
}

/** Words wider than their room end in an ellipsis. */
function shorten(mark: Numbered, room: number): Numbered {
  if (mark.width <= room) return mark;
  const keep = Math.max(1, Math.floor((mark.label.length * room) / mark.width) - 1);
  return { ...mark, label: `${mark.label.slice(0, keep).trimEnd()}…`, width: room };
}

function place(
  words: readonly Numbered[],
  lanes: number,
  width: number,
  placed: readonly PlacedMark[],
): PlacedMark[] | null {
  const word = words[placed.length];
  if (!word) return [...placed];
  for (let lane = 0; lane < lanes; lane++) {
    for (const side of ["left", "right"] as const) {
      const mark: PlacedMark = { x: word.x, lane, side, label: word.label, of: word.of };
      if (!fits(mark, word, width) || placed.some((other, i) => touch(mark, word, other, words[i]))) continue;
      const rest = place(words, lanes, width, [...placed, mark]);
      if (rest) return rest;
    }
  }
  return null;
}

function extent(mark: PlacedMark, word: Words): [number, number] {
  const reach = word.width + FLAG;
  return mark.side === "left" ? [mark.x - reach, mark.x] : [mark.x, mark.x + reach];
}

function fits(mark: PlacedMark, word: Words, width: number): boolean {
  const [from, to] = extent(mark, word);
  return from >= 0 && to <= width;
}

function touch(a: PlacedMark, aWord: Words, b: PlacedMark, bWord: Words | undefined): boolean {
  if (!bWord) return false;
  // Flags of one period share a pole, which passes beside the words of each.
  if (a.x === b.x) return a.lane === b.lane && a.side === b.side;
  const [aFrom, aTo] = extent(a, aWord);
  const [bFrom, bTo] = extent(b, bWord);
  if (a.lane === b.lane) return aFrom < bTo + 6 && bFrom < aTo + 6;
  // The pole of the higher flag passes through the lane of the lower one.
  const [pole, from, to] = a.lane > b.lane ? [a.x, bFrom, bTo] : [b.x, aFrom, aTo];
  return pole > from - 3 && pole < to + 3;
}

/** A stretch of a long series as a view of its own: what was computed from all of it stays as it is. */
export function stretch(view: ChartView, first: number, count: number): ChartView {
  const from = Math.max(0, Math.min(first, view.points.length - count));
  const points = view.points.slice(from, from + count);
  const phases = view.phases
    .filter((phase) => phase.last >= from && phase.first < from + points.length)
    .map((phase) => ({
      ...phase,
      first: Math.max(0, phase.first - from),
      last: Math.min(points.length - 1, phase.last - from),
    }));
  const at = phases.at(-1);
  // Where the end of the series is out of sight, the lines are named as they stand at the last period in sight.
  const last = points.at(-1);
  return {
    ...view,
    points,
    phases,
    centre: at?.centre ?? view.centre,
    goal: last ? last.goal : view.goal,
  };
}
