import type { ComponentChildren } from 'preact'
import type { Session } from '../../contract/session.ts'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { useFrame } from '../lib/frame.tsx'

/** Shows a page to who may see it, and tells everybody else which right they lack. The server decides again at each request. */
export function Guard({ right, children }: { right: keyof Session['can']; children: ComponentChildren }) {
  const { session, words } = useFrame()
  if (session.can[right]) return children
  const names: Record<string, string> = {
    plugin_callmanager_access: words.rights.access,
    user: words.menu.users,
  }
  const missing =
    right === 'configure'
      ? [words.rights.config]
      : session.missing.map((lacks) => names[lacks.right] ?? lacks.name)
  return (
    <>
      <PageTitle path={[]} title={words.failures.noRight.title} />
      <Notice kind="warning">
        {missing.map((name) => (
          <p key={name}>{words.failures.noRight.missing(name)}</p>
        ))}
        <p>{words.failures.noRight.remedy}</p>
      </Notice>
    </>
  )
}
