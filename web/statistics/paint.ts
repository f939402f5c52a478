import type { OutcomeKind } from './kinds.ts'

/** The colours that the styles give at this moment, whatever the theme. */
export function coloursOf(chart: HTMLElement) {
  const own = getComputedStyle(chart)
  return {
    text: own.color,
    ground: own.backgroundColor,
    line: own.borderTopColor,
    of(kind: OutcomeKind): string {
      const swatch = chart.querySelector(`.swatch-${kind}`)
      return swatch === null ? own.color : getComputedStyle(swatch).color
    },
  }
}

/** Size of a tile in pixels of the screen. */
const TILE = 8

/** How a kind is filled: each has a pattern as well as a colour, the same as its sign in the legend. */
export function fillOf(chart: HTMLElement, kind: OutcomeKind): CanvasPattern | string {
  const colours = coloursOf(chart)
  const colour = colours.of(kind)
  const size = Math.round(TILE * devicePixelRatio)
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const draw = tile.getContext('2d')
  if (kind === 'found' || draw === null) return colour
  draw.fillStyle = colours.ground
  draw.fillRect(0, 0, size, size)
  draw.fillStyle = colour
  draw.strokeStyle = colour
  draw.lineWidth = size / 4
  if (kind === 'none') {
    // The corners continue the stripe of the tiles beside it.
    for (const shift of [-size, 0, size]) {
      draw.beginPath()
      draw.moveTo(shift - size / 4, size * 1.25)
      draw.lineTo(shift + size * 1.25, -size / 4)
      draw.stroke()
    }
  } else {
    draw.beginPath()
    draw.arc(size / 2, size / 2, size / 3.2, 0, 2 * Math.PI)
    draw.fill()
  }
  return draw.createPattern(tile, 'repeat') ?? colour
}
