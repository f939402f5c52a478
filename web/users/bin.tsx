import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { User } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { ConfirmDialog } from '../components/confirm-dialog.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { nameOf } from '../desk/name.ts'
import type { Answer } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'

interface Props {
  answer: Answer<User>
  onRead: (answer: Answer<User>) => void
}

/** The trash bin: into it, out of it, and gone for good only from there. */
export function Bin({ answer, onRead }: Props) {
  const { base, client, session, words, announce } = useFrame()
  const { route } = useLocation()
  const [asks, setAsks] = useState<'bin' | 'purge' | null>(null)
  const { users } = words
  const { id, account } = answer.body
  const path = `users/${id}`
  const name = nameOf(answer.body, words)
  const bin = useAction(async () => {
    await client.send('DELETE', path)
    onRead(await client.get<User>(path))
    setAsks(null)
    announce(users.binned)
  })
  const restore = useAction(async () => {
    onRead(await client.send<User>('PATCH', path, { body: { deleted: false }, ifMatch: answer.etag }))
    announce(users.restored)
  })
  const reread = useAction(async () => {
    onRead(await client.get<User>(path))
    restore.clear()
  })
  const purge = useAction(async () => {
    await client.send('DELETE', `${path}?purge=true`)
    announce(users.purged(name))
    route(`${base}/app/users`, true)
  })
  return (
    <div class="buttons">
      {account.deleted ? (
        <>
          <Button busy={restore.busy} onClick={() => restore.run()}>
            {users.restore}
          </Button>
          {session.can.purgeUsers && (
            <Button kind="danger" onClick={() => setAsks('purge')}>
              {users.purge}
            </Button>
          )}
        </>
      ) : (
        <Button kind="danger" onClick={() => setAsks('bin')}>
          {users.bin}
        </Button>
      )}
      {restore.failure && <FailureNotice failure={restore.failure} onRetry={() => reread.run()} />}
      {asks && (
        <ConfirmDialog
          title={asks === 'bin' ? users.binAsk(name) : users.purgeAsk(name)}
          label={asks === 'bin' ? users.bin : users.purge}
          action={asks === 'bin' ? bin : purge}
          onClose={() => setAsks(null)}
        >
          {asks === 'bin' ? users.binHint : users.purgeHint}
        </ConfirmDialog>
      )}
    </div>
  )
}
