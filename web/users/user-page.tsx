import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { HistoryLine, User } from '../../contract/users.ts'
import { ButtonLink } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { Tabs } from '../components/tabs.tsx'
import { Waiting } from '../components/waiting.tsx'
import { nameOf } from '../desk/name.ts'
import type { Answer } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'
import { useStyles } from '../lib/use-styles.ts'
import { HistoryTable } from './history-table.tsx'
import { usePages } from './use-pages.ts'
import { UserSheet } from './user-sheet.tsx'
import { UserTab } from './user-tab.tsx'
import css from './users.css?inline'

const TABS = ['user', 'rio', 'history'] as const

/** Somebody's form, as ITSM-NG has it: the person, Call Manager, and what has happened. */
export function UserPage({ id }: { id: number }) {
  return <Person key={id} id={id} />
}

function Person({ id }: { id: number }) {
  const { client, words, ...frame } = useFrame()
  const { path, query, route } = useLocation()
  useStyles(css)
  const read = useResource((signal) => client.get<User>(`users/${id}`, {}, signal), [client, id])
  // What one tab has written, the others read again.
  const [round, setRound] = useState(0)
  const open = TABS.find((tab) => tab === query.tab) ?? 'user'
  const crumbs = [words.menu.administration, { text: words.users.title, href: `${frame.base}/app/users` }]

  if (read.data === undefined) {
    if (read.state !== 'failed') return <Waiting />
    return (
      <>
        <PageTitle path={crumbs} title={words.users.title} />
        <FailureNotice failure={read.failure} onRetry={read.retry} />
      </>
    )
  }
  const answer = read.data
  const user = answer.body
  const links = linksOf({ ...frame })
  function onRead(now: Answer<User>) {
    read.set(now)
    setRound((round) => round + 1)
  }

  return (
    <>
      <div class="spread">
        <PageTitle path={crumbs} title={nameOf(user, words)} />
        <div class="buttons">
          {user.rio !== '' && (
            <ButtonLink icon="phone" href={links.desk({ rio: user.rio })}>
              {words.userTab.openDesk}
            </ButtonLink>
          )}
          {links.leave && (
            <ButtonLink href={links.user(id)} leaves>
              {words.users.openInHost(frame.session.helpdesk.name)}
            </ButtonLink>
          )}
        </div>
      </div>
      {user.account.deleted && <Notice kind="warning">{words.users.inBinNotice}</Notice>}
      {read.state === 'failed' && <FailureNotice failure={read.failure} onRetry={read.retry} />}
      <Tabs
        label={nameOf(user, words)}
        open={open}
        onOpen={(tab) => route(tab === 'user' ? path : `${path}?tab=${tab}`, true)}
        tabs={[
          {
            name: 'user',
            label: words.users.tabs.user,
            content: <UserSheet answer={answer} onRead={onRead} />,
          },
          {
            name: 'rio',
            label: words.userTab.title,
            content: <UserTab userId={id} round={round} onChanged={read.retry} />,
          },
          {
            name: 'history',
            label: words.users.tabs.history,
            content: <History id={id} round={`${round} ${answer.etag}`} />,
          },
        ]}
      />
    </>
  )
}

function History({ id, round }: { id: number; round: string }) {
  const { words } = useFrame()
  const history = usePages<HistoryLine>(`users/${id}/history`, 50, [round])
  return <HistoryTable history={history} label={words.users.tabs.history} empty={words.users.history.empty} />
}
