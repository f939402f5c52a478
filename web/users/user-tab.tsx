import type { Rio } from '../../contract/rio.ts'
import type { HistoryLine, User } from '../../contract/users.ts'
import { CopyField } from '../components/copy-field.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import type { Answer } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'
import { useStyles } from '../lib/use-styles.ts'
import { HistoryTable, isRioChange } from './history-table.tsx'
import { Identifiers } from './identifiers.tsx'
import { RioForm } from './rio-form.tsx'
import { usePages } from './use-pages.ts'
import css from './users.css?inline'

interface Props {
  userId: number
  /** Another value says that the person was changed elsewhere on the page. */
  round?: number
  /** The RIO was written, which may be a field of the person. */
  onChanged?: () => void
}

/** What Call Manager knows of a user: the tab in their form, in our pages and in a host's. */
export function UserTab({ userId, round = 0, onChanged }: Props) {
  const frame = useFrame()
  const { client, words } = frame
  useStyles(css)
  const rio = useResource((signal) => client.get<Rio>(`users/${userId}/rio`, {}, signal), [client, userId])
  const etag = rio.data?.etag ?? ''
  const user = useResource(etag === '' ? null : (signal) => client.get<User>(`users/${userId}`, {}, signal), [
    client,
    userId,
    etag,
    round,
  ])
  const history = usePages<HistoryLine>(`users/${userId}/history`, 100, [etag, round])

  if (rio.data === undefined) {
    if (rio.state !== 'failed') return <Waiting />
    if (rio.failure.kind === 'problem' && rio.failure.problem.status === 404)
      return <Notice kind="warning">{words.userTab.noPerson}</Notice>
    return <FailureNotice failure={rio.failure} onRetry={rio.retry} />
  }
  const { body } = rio.data
  function onWritten(now: Answer<Rio>) {
    rio.set(now)
    onChanged?.()
  }
  const isRio = (line: HistoryLine) =>
    isRioChange(line) ||
    (body.method === 'name' && line.field === 'login') ||
    (body.method === 'registration_number' && line.field === 'registrationNumber')

  return (
    <div class="sheet">
      <RioForm userId={userId} answer={rio.data} onRead={onWritten} />
      {body.rio !== '' && (
        <section class="panel">
          <CopyField
            label={words.userTab.desk}
            value={new URL(linksOf(frame).desk({ rio: body.rio }), location.origin).href}
          />
          <p class="hint">{words.userTab.deskHint}</p>
        </section>
      )}
      <section class="panel">
        <h2>{words.userTab.identifiers}</h2>
        {user.data && <Identifiers identifiers={user.data.body.identifiers} />}
        {user.state === 'failed' && <FailureNotice failure={user.failure} onRetry={user.retry} />}
        {user.state === 'loading' && user.data === undefined && <Waiting />}
      </section>
      <section class="panel">
        <h2>{words.userTab.history}</h2>
        <HistoryTable
          history={history}
          label={words.userTab.history}
          empty={words.userTab.noHistory}
          only={isRio}
        />
      </section>
    </div>
  )
}
