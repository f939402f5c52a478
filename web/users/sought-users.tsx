import { useEffect } from 'preact/hooks'
import type { SearchAnswer } from '../../contract/search.ts'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { useLast } from './use-last.ts'
import { UserTable } from './user-table.tsx'

const SHOWN = 50

/** Who fits what was typed so far. */
export function SoughtUsers({ q }: { q: string }) {
  const { client, words, announce } = useFrame()
  const found = useResource(
    async (signal) => (await client.get<SearchAnswer>('search', { q, limit: SHOWN }, signal)).body,
    [client, q],
  )
  const answer = useLast(found.data)
  useEffect(() => {
    if (found.state === 'ready') announce(words.users.found(found.data.items.length))
  }, [found.state, found.data])

  if (found.state === 'failed') return <FailureNotice failure={found.failure} onRetry={found.retry} />
  if (answer === undefined) return <Waiting />
  if (answer.items.length === 0) return <p class="panel empty">{words.users.nobody}</p>
  return (
    <>
      <UserTable users={answer.items.map(({ user }) => user)} busy={found.state === 'loading'} />
      {answer.incomplete && <p class="hint">{words.users.incomplete}</p>}
    </>
  )
}
