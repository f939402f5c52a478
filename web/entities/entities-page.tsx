import { useState } from 'preact/hooks'
import { PageTitle } from '../components/page-title.tsx'
import { Tabs } from '../components/tabs.tsx'
import { useFrame } from '../lib/frame.tsx'
import type { Kind } from './kind.ts'
import { Places } from './places.tsx'

/** The entities, and where within them people are. */
export function EntitiesPage() {
  const { words } = useFrame()
  const [open, setOpen] = useState<Kind>('entities')
  const kinds: Kind[] = ['entities', 'locations']
  return (
    <>
      <PageTitle path={[words.menu.administration]} title={words.menu.entities} />
      <Tabs
        label={words.menu.entities}
        open={open}
        onOpen={setOpen}
        tabs={kinds.map((kind) => ({
          name: kind,
          label: words.entities[kind].title,
          content: <Places kind={kind} />,
        }))}
      />
    </>
  )
}
