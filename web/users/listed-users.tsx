import { useEffect } from 'preact/hooks'
import type { UserPage } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { type ListState, listQuery } from './list-state.ts'
import { useLast } from './use-last.ts'
import { UserTable } from './user-table.tsx'

/** Which page each page came after. Cursors lead forward only; after a reload, there is the first page and the back button. */
const cameFrom = new Map<string, string>()

/** The list, page by page. */
export function ListedUsers({ state, go }: { state: ListState; go: (next: ListState) => void }) {
  const { client, words, announce } = useFrame()
  const query = listQuery(state)
  const asked = JSON.stringify(query)
  const list = useResource(
    async (signal) => ({ ...(await client.get<UserPage>('users', query, signal)).body, asked }),
    [client, asked],
  )
  const page = useLast(list.data)
  useEffect(() => {
    if (list.state === 'ready') announce(words.users.found(list.data.items.length))
  }, [list.state, list.data])

  if (list.state === 'failed') return <FailureNotice failure={list.failure} onRetry={list.retry} />
  if (page === undefined) return <Waiting />
  const cursor = page.next === null ? null : new URLSearchParams(page.next.split('?')[1]).get('cursor')
  const before = state.cursor === '' ? undefined : cameFrom.get(state.cursor)
  // What is shown leads nowhere in the list that is on its way.
  const busy = page.asked !== asked
  return (
    <>
      {page.items.length === 0 ? (
        <p class="panel empty">{words.users.nobodyListed}</p>
      ) : (
        <UserTable
          users={page.items}
          busy={busy}
          sort={state.sort}
          onSort={(sort) => go({ ...state, sort, cursor: '' })}
        />
      )}
      {(before !== undefined || cursor !== null) && (
        <div class="buttons">
          <Button
            icon="back"
            busy={busy}
            disabled={before === undefined}
            onClick={() => before !== undefined && go({ ...state, cursor: before })}
          >
            {words.common.previous}
          </Button>
          <Button
            icon="next"
            busy={busy}
            disabled={cursor === null}
            onClick={() => {
              if (cursor === null) return
              cameFrom.set(cursor, state.cursor)
              go({ ...state, cursor })
            }}
          >
            {words.common.next}
          </Button>
        </div>
      )}
    </>
  )
}
