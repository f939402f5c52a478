import { useState } from 'preact/hooks'
import { Button, ButtonLink } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { useSurroundings } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

/** Beside a host, people log in there; it leads them back to where they were. */
export function HostLogIn({ onRetry, leaves = false }: { onRetry: () => Promise<void>; leaves?: boolean }) {
  const { root, words } = useSurroundings()
  const here = location.pathname.slice(root.length) + location.search
  const [still, setStill] = useState(false)
  const retry = useAction(async () => {
    setStill(false)
    await onRetry()
    // Whoever is known sees the page instead of this.
    setStill(true)
  })
  return (
    <>
      {retry.failure && <FailureNotice failure={retry.failure} />}
      {still && <Notice kind="warning">{words.login.stillNobody}</Notice>}
      <p>{words.login.atHost}</p>
      <p class="buttons">
        <ButtonLink
          kind="primary"
          href={`${root}/index.php?redirect=${encodeURIComponent(here)}`}
          leaves={leaves}
        >
          {words.login.goToHost}
        </ButtonLink>
        <Button busy={retry.busy} onClick={() => retry.run()}>
          {words.login.loggedInAgain}
        </Button>
      </p>
    </>
  )
}
