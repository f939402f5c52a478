import { useEffect } from 'preact/hooks'
import { FailureNotice } from '../components/failure-notice.tsx'
import type { Failure } from '../lib/client.ts'
import { useSurroundings } from '../lib/frame.tsx'
import { WayIn } from './way-in.tsx'

/** Nobody knows who is asking: the server or the helpdesk is ill. It is asked again on request, or once the network is back. */
export function NotBegun({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const { words } = useSurroundings()
  useEffect(() => {
    addEventListener('online', onRetry)
    return () => removeEventListener('online', onRetry)
  }, [onRetry])
  return (
    <WayIn>
      <h1>{words.login.notBegun}</h1>
      <FailureNotice failure={failure} onRetry={onRetry} />
    </WayIn>
  )
}
