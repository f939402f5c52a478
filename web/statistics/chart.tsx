import { useEffect, useRef, useState } from 'preact/hooks'
import plotCss from 'uplot/dist/uPlot.min.css?inline'
import { useFrame } from '../lib/frame.tsx'
import { useStyles } from '../lib/use-styles.ts'
import type { Bar } from './kinds.ts'
import { Legend } from './legend.tsx'
import { createPlot, sizeOf } from './plot.ts'
import { watchTheme } from './watch-theme.ts'

/** Stacked bars. Who cannot see them hears what they show, and finds the numbers in the table. */
export function Chart({
  bars,
  isHorizontal,
  description,
}: {
  bars: readonly Bar[]
  isHorizontal: boolean
  description: string
}) {
  const { element, formats, words } = useFrame()
  const chart = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  useStyles(plotCss)

  useEffect(() => {
    if (chart.current === null || place.current === null) return
    const box = place.current
    setPointed(null)
    const options = { chart: chart.current, bars, isHorizontal, number: formats.number, onPoint: setPointed }
    const plot = createPlot(options, box)
    const resized = new ResizeObserver(() => {
      if (box.clientWidth > 0) plot.setSize(sizeOf(box.clientWidth, bars.length, isHorizontal))
    })
    resized.observe(box)
    // The latest hours first, once the plot has its width.
    const frame = requestAnimationFrame(() => box.scrollTo({ left: box.scrollWidth }))
    const unwatch = watchTheme(element, () => plot.redraw())
    return () => {
      cancelAnimationFrame(frame)
      resized.disconnect()
      unwatch()
      plot.destroy()
    }
  }, [bars, isHorizontal])

  const bar = pointed === null ? undefined : bars[pointed]
  return (
    <div class="chart" ref={chart}>
      <Legend counts={bar?.counts} />
      <p class="hint typed pointed">
        {bar ? words.statistics.pointed(bar.label, formats.number(bar.counts.total)) : ' '}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keys as well. */}
      <div class="plot" ref={place} role="img" aria-label={description} tabIndex={0} />
    </div>
  )
}
