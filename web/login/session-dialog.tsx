import { Dialog } from '../components/dialog.tsx'
import { useSurroundings } from '../lib/frame.tsx'
import { HostLogIn } from './host-log-in.tsx'
import { LogInForm } from './log-in-form.tsx'

/** The session has ended while somebody was at work: a new one, without losing the page behind. */
export function SessionDialog({ login, onRenewed }: { login: string; onRenewed: () => Promise<void> }) {
  const { logsIn, words } = useSurroundings()
  return (
    <Dialog title={words.login.expired}>
      <p>{words.login.expiredHint}</p>
      {logsIn === 'here' ? (
        <LogInForm login={login} onLoggedIn={onRenewed} />
      ) : (
        <HostLogIn onRetry={onRenewed} leaves />
      )}
    </Dialog>
  )
}
