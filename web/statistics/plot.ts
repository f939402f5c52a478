import uPlot from 'uplot'
import { type Bar, KINDS, type OutcomeKind } from './kinds.ts'
import { coloursOf, fillOf } from './paint.ts'

interface Options {
  /** Holds the legend, whose colours are taken, and the plot. */
  chart: HTMLElement
  bars: readonly Bar[]
  /** Names stand at the left, where long ones have room. */
  isHorizontal: boolean
  number: (value: number) => string
  /** Which bar the pointer is at. */
  onPoint: (index: number | null) => void
}

const FONT = '12px system-ui, sans-serif'
const HEIGHT = 270
const AXIS = 30
const MIN_PITCH = 6
const ROW = 34
const LABEL_WIDTH = 74
const CHARACTER_WIDTH = 7
const MAX_NAMES = 220
/** Whole look-ups only. */
const STEPS = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6].map((power) => step * 10 ** power))
  .sort((a, b) => a - b)

/** Uplot draws one above the other, so the highest comes first: all, then without its uppermost kind, and so on. */
const LAYERS: readonly OutcomeKind[] = KINDS.toReversed()

function heights(bars: readonly Bar[], kind: OutcomeKind): (number | null)[] {
  const below = KINDS.slice(0, KINDS.indexOf(kind) + 1)
  return bars.map(({ counts }) =>
    counts.total === 0 ? null : below.reduce((sum, one) => sum + counts[one], 0),
  )
}

/** Bars that would be too thin for their patterns make the plot wider than its place, which then scrolls. */
export function sizeOf(room: number, count: number, isHorizontal: boolean) {
  if (isHorizontal) return { width: room, height: AXIS + 20 + count * ROW }
  return { width: Math.max(room, count * MIN_PITCH), height: HEIGHT }
}

export function createPlot(options: Options, place: HTMLElement): uPlot {
  const { chart, bars, isHorizontal, number, onPoint } = options
  const room = place.clientWidth
  const size = sizeOf(room, bars.length, isHorizontal)
  const scrolls = size.width > room
  const paths = uPlot.paths.bars?.({ size: [scrolls ? 0.9 : 0.75, 56] })
  const namesWidth = Math.min(MAX_NAMES, room * 0.38)
  const axis = {
    font: FONT,
    stroke: () => coloursOf(chart).text,
    ticks: { show: false },
  }
  const grid = { stroke: () => coloursOf(chart).line, width: 1 }
  return new uPlot(
    {
      ...size,
      legend: { show: false },
      cursor: { y: false, x: !isHorizontal, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: {
          time: false,
          range: [-0.5, bars.length - 0.5],
          ...(isHorizontal ? { ori: 1, dir: -1 } : {}),
        },
        y: {
          range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)],
          ...(isHorizontal ? { ori: 0, dir: 1 } : {}),
        },
      },
      axes: [
        {
          ...axis,
          side: isHorizontal ? 3 : 2,
          grid: { show: false },
          splits: ({ bbox }) => splitsOf(bars, isHorizontal, bbox.width / devicePixelRatio),
          values: (_plot, splits) =>
            splits.map((index) => clip(bars[index]?.short ?? '', isHorizontal ? namesWidth : LABEL_WIDTH)),
          size: isHorizontal ? namesWidth : AXIS,
        },
        {
          ...axis,
          // What scrolls is seen from its end, the latest hours.
          side: isHorizontal ? 2 : scrolls ? 1 : 3,
          grid,
          incrs: STEPS,
          space: isHorizontal ? 60 : 40,
          values: (_plot, splits) => splits.map(number),
          size: isHorizontal ? AXIS : 48,
        },
      ],
      series: [
        {},
        ...LAYERS.map((kind) => ({
          fill: () => fillOf(chart, kind),
          stroke: () => coloursOf(chart).of(kind),
          width: scrolls ? 0 : 1,
          points: { show: false },
          ...(paths ? { paths } : {}),
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    [bars.map((_bar, index) => index), ...LAYERS.map((kind) => heights(bars, kind))],
    place,
  )
}

/** Which bars are named: all where they stand below each other, else as many as there is room for, days before hours. */
function splitsOf(bars: readonly Bar[], isHorizontal: boolean, width: number): number[] {
  const all = bars.map((_bar, index) => index)
  if (isHorizontal) return all
  const days = all.filter((index) => bars[index]?.beginsDay)
  const named = days.length > 2 ? days : all
  const step = Math.max(1, Math.ceil((named.length * LABEL_WIDTH) / Math.max(width, 1)))
  return named.filter((_index, position) => position % step === 0)
}

function clip(text: string, width: number): string {
  const characters = [...text]
  const room = Math.floor(width / CHARACTER_WIDTH) - 1
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join('')}…`
}
