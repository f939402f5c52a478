import { useLocation } from 'preact-iso'
import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'
import { Settings } from './settings.tsx'

/** Setup › Plugins › Call Manager Plugin. The address names the tab, so that a reload and a link lead to it. */
export function SettingsPage() {
  const { words } = useFrame()
  const { path, query, route } = useLocation()
  return (
    <>
      <PageTitle path={[words.menu.setup, words.menu.plugins]} title={words.menu.settings} />
      <Settings tab={query.tab ?? ''} onTab={(tab) => route(`${path}?tab=${tab}`, true)} />
    </>
  )
}
