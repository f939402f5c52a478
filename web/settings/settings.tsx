import { useState } from 'preact/hooks'
import { Tabs } from '../components/tabs.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useStyles } from '../lib/use-styles.ts'
import { GeneralTab } from './general-tab.tsx'
import { HealthTab } from './health-tab.tsx'
import { MethodTab } from './method-tab.tsx'
import css from './settings.css?inline'
import { TransferTab } from './transfer-tab.tsx'

const NAMES = ['general', 'storage', 'transfer', 'health'] as const

/** All that an administrator sets up. `tab` and `onTab` are for a page whose address names the tab. */
export function Settings({ tab = '', onTab }: { tab?: string; onTab?: (tab: string) => void }) {
  const { words } = useFrame()
  const [chosen, setChosen] = useState(tab)
  const open = NAMES.find((name) => name === chosen) ?? 'general'
  const [version, setVersion] = useState(0)
  useStyles(css)
  return (
    <div class="settings">
      <Tabs
        label={words.menu.settings}
        open={open}
        onOpen={(name) => {
          setChosen(name)
          onTab?.(name)
        }}
        tabs={[
          { name: 'general', label: words.settings.tabs.general, content: <GeneralTab version={version} /> },
          {
            name: 'storage',
            label: words.settings.tabs.storage,
            content: <MethodTab onChanged={() => setVersion(version + 1)} />,
          },
          { name: 'transfer', label: words.settings.tabs.transfer, content: <TransferTab /> },
          { name: 'health', label: words.settings.tabs.health, content: <HealthTab /> },
        ]}
      />
    </div>
  )
}
