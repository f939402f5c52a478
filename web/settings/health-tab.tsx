import { useEffect } from 'preact/hooks'
import type { SystemHealth } from '../../contract/health.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { HealthCounts } from './health-counts.tsx'
import { HealthFindings } from './health-findings.tsx'
import { IndexHealth } from './index-health.tsx'
import { SharedRios } from './shared-rios.tsx'

const AGAIN_MS = 1000

/** How this installation is: the index as it is now, and what the checks have found. */
export function HealthTab() {
  const { client, session, words, formats } = useFrame()
  const text = words.health
  const health = useResource(
    async (signal) => (await client.get<SystemHealth>('health', {}, signal)).body,
    [],
  )
  const { data, retry } = health
  useEffect(() => {
    // Looking at everything takes seconds; it is told at once, and the rest when it is there.
    if (health.state !== 'ready' || !(data?.examining || data?.index.working)) return
    const timer = setTimeout(retry, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [health.state, data])
  const failure = health.state === 'failed' && <FailureNotice failure={health.failure} onRetry={retry} />
  if (data === undefined) return failure || <Waiting />
  const { examination, index } = data
  return (
    <>
      {failure}
      <div class="spread">
        <p class="hint">
          {data.examining ? text.examining : examination && text.examined(formats.moment(examination.at))}
        </p>
        <Button busy={data.examining} onClick={retry}>
          {text.again}
        </Button>
      </div>
      {examination && <HealthFindings checks={examination.checks} />}
      <IndexHealth index={index} drift={examination?.drift ?? null} />
      {examination && <HealthCounts examination={examination} />}
      {session.can.lookUp && <SharedRios />}
    </>
  )
}
