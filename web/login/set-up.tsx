import { useContext, useState } from 'preact/hooks'
import { ButtonLink } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { FrameContext, useSurroundings } from '../lib/frame.tsx'
import { SetUpDone } from './set-up-done.tsx'
import { SetUpForm } from './set-up-form.tsx'

/** Makes the first account, by the one-time code of the link that the server printed. */
export function SetUp() {
  const { base, words } = useSurroundings()
  const [made, setMade] = useState<string | null>(null)
  // Whoever has a session has an account, and then the link is good for nothing.
  if (useContext(FrameContext) !== undefined) {
    return (
      <>
        <PageTitle path={[]} title={words.setUp.title} />
        <Notice kind="info" title={words.setUp.already.title}>
          <p>{words.setUp.already.hint}</p>
          <ButtonLink href={`${base}/app/users`}>{words.menu.users}</ButtonLink>
        </Notice>
      </>
    )
  }
  return (
    <main class="way-in">
      <p class="brand">Call Manager</p>
      {made === null ? <SetUpForm onMade={setMade} /> : <SetUpDone login={made} />}
    </main>
  )
}
