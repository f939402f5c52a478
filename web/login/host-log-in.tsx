import { Button, ButtonLink } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { useSurroundings } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

/** Beside a host, people log in there; it leads them back to where they were. */
export function HostLogIn({ onRetry, leaves = false }: { onRetry: () => Promise<void>; leaves?: boolean }) {
  const { root, words } = useSurroundings()
  const here = location.pathname.slice(root.length) + location.search
  const retry = useAction(onRetry)
  return (
    <>
      {retry.failure && <FailureNotice failure={retry.failure} />}
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
