import type { User } from '../../contract/users.ts'
import { ButtonLink } from '../components/button.tsx'
import type { Answer } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { Bin } from './bin.tsx'
import { HeldProfiles } from './held-profiles.tsx'
import { PasswordForm } from './password-form.tsx'
import { UserForm } from './user-form.tsx'

interface Props {
  answer: Answer<User>
  onRead: (answer: Answer<User>) => void
}

/** Everything about the person themselves; what a helpdesk keeps is shown, and changed there. */
export function UserSheet({ answer, onRead }: Props) {
  const frame = useFrame()
  const { session, words } = frame
  const user = answer.body
  const links = linksOf(frame)
  const helpdesk = session.helpdesk.name
  return (
    <div class="sheet">
      <UserForm answer={answer} onRead={onRead} />
      <HeldProfiles answer={answer} onRead={onRead} />
      {session.managesAccounts && session.can.editUsers && !user.account.directoryOwned && (
        <PasswordForm user={user} />
      )}
      <section class="panel">
        <h2>{words.users.state}</h2>
        <AccountFacts user={user} />
        {!session.managesAccounts && (
          <>
            <p class="hint">{words.users.hosts(helpdesk)}</p>
            <div class="buttons">
              <ButtonLink href={links.user(user.id)} leaves>
                {words.users.openInHost(helpdesk)}
              </ButtonLink>
            </div>
          </>
        )}
        {session.can.deleteUsers && <Bin answer={answer} onRead={onRead} />}
      </section>
    </div>
  )
}

function AccountFacts({ user: { account, active, id } }: { user: User }) {
  const { words, formats } = useFrame()
  const { users } = words
  const at = (time: string | null) => (time === null ? '–' : formats.moment(time))
  const facts = [
    ['ID', String(id)],
    [users.active.label, active ? users.isActive : users.notActive],
    [users.authType, users.authTypes[account.authType] ?? account.authType],
    [users.lastLogin, at(account.lastLoginAt)],
    [users.createdAt, at(account.createdAt)],
    [users.changedAt, at(account.changedAt)],
  ] as const
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
