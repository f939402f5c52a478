import { Lazily } from '../components/lazily.tsx'
import { useSurroundings } from '../lib/frame.tsx'
import { HostLogIn } from './host-log-in.tsx'
import { LogInForm } from './log-in-form.tsx'
import { WayIn } from './way-in.tsx'

/** What somebody sees whom we do not know: the way in. The first account is made here too. */
export function LogIn({ onLoggedIn }: { onLoggedIn: () => Promise<void> }) {
  const { base, logsIn, words } = useSurroundings()
  if (logsIn === 'here' && location.pathname === `${base}/app/setup`) {
    return <Lazily load={() => import('./set-up.tsx')} render={({ SetUp }) => <SetUp />} />
  }
  return (
    <WayIn>
      <h1>{words.login.title}</h1>
      {logsIn === 'here' ? <LogInForm onLoggedIn={onLoggedIn} /> : <HostLogIn onRetry={onLoggedIn} />}
    </WayIn>
  )
}
