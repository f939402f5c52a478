import { useState } from 'preact/hooks'
import { PageTitle } from '../components/page-title.tsx'
import { Tabs } from '../components/tabs.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useStyles } from '../lib/use-styles.ts'
import { Counted } from './counted.tsx'
import { PeriodBar } from './period-bar.tsx'
import css from './statistics.css?inline'
import { BY, readView, type View, writeView } from './view.ts'

/** How many were looked up and what came of it. */
export function StatisticsPage() {
  const { words } = useFrame()
  useStyles(css)
  const [view, setView] = useState<View>(() => readView(location.search))
  function change(part: Partial<View>): void {
    const next = { ...view, ...part }
    setView(next)
    history.replaceState(history.state, '', `${location.pathname}?${writeView(next)}`)
  }
  return (
    <>
      <PageTitle path={[words.menu.setup]} title={words.menu.statistics} />
      <PeriodBar view={view} onChange={change} />
      <Tabs
        label={words.menu.statistics}
        open={view.by}
        onOpen={(by) => change({ by })}
        tabs={BY.map((by) => ({
          name: by,
          label: words.statistics.by[by],
          // What is hidden asks for nothing.
          content: by === view.by ? <Counted view={view} /> : null,
        }))}
      />
    </>
  )
}
