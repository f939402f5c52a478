import { useMemo } from 'preact/hooks'
import type { Statistics, StatisticsItem } from '../../contract/statistics.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { createBars } from './bars.ts'
import { Chart } from './chart.tsx'
import { download, toCsv } from './csv.ts'
import type { Bar } from './kinds.ts'
import { Totals } from './totals.tsx'
import { Twin } from './twin.tsx'
import { isTooLong, MAX_HOURS_DAYS, queryOf, type View } from './view.ts'

/** A chart has room for as many; the table has all. */
const MAX_NAMED = 15

/** The look-ups of a view: their sums, a chart, and the table that it is drawn from. */
export function Counted({ view }: { view: View }) {
  const { client, words } = useFrame()
  const query = queryOf(view)
  const tooLong = isTooLong(view)
  const counted = useResource(
    query === null || tooLong
      ? null
      : async (signal) => (await client.get<Statistics>('statistics', query, signal)).body,
    [JSON.stringify(query)],
  )
  if (tooLong) return <Notice kind="info">{words.statistics.tooLong(MAX_HOURS_DAYS)}</Notice>
  if (query === null) return <p class="empty">{words.statistics.chooseDates}</p>
  if (counted.state === 'failed') return <FailureNotice failure={counted.failure} onRetry={counted.retry} />
  if (counted.data === undefined) return <Waiting />
  if (counted.data.totals.total === 0) return <p class="empty panel">{words.statistics.nothing}</p>
  return <Drawn by={view.by} statistics={counted.data} />
}

function Drawn({ by, statistics }: { by: View['by']; statistics: Statistics }) {
  const { formats, language, words } = useFrame()
  const bars = useMemo(() => createBars(language, words)(statistics.items), [statistics])
  const isNamed = by === 'agent' || by === 'entity'
  const drawn = useMemo(() => (isNamed ? bars.slice(0, MAX_NAMED) : bars), [bars])
  const first = words.statistics.columns[by]
  return (
    <section class="panel">
      <Totals totals={statistics.totals} />
      <Chart bars={drawn} isHorizontal={isNamed} description={describe(bars, words.statistics.by[by])} />
      {drawn.length < bars.length && (
        <p class="hint">{words.statistics.theMost(drawn.length, formats.number(bars.length))}</p>
      )}
      <Twin bars={bars} first={first} leavesOutEmpty={by === 'hour'} />
      <div class="spread">
        <span class="hint">{words.statistics.timeZone(statistics.timeZone)}</span>
        <Button
          icon="download"
          onClick={() => download(toCsv(bars, first, words, language), `call-manager-${by}.csv`)}
        >
          {words.statistics.download}
        </Button>
      </div>
    </section>
  )

  function describe(all: readonly Bar[], title: string): string {
    const most = all.reduce<Bar | undefined>(
      (best, bar) => (best === undefined || bar.counts.total > best.counts.total ? bar : best),
      undefined,
    )
    const { found, several, none, total }: Omit<StatisticsItem, 'hour'> = statistics.totals
    const numbers = [total, found, several, none].map(formats.number)
    return words.statistics.describe(
      title,
      numbers,
      most?.label ?? '',
      formats.number(most?.counts.total ?? 0),
    )
  }
}
