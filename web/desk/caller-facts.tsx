import type { ComponentChildren } from 'preact'
import type { User, UserSummary } from '../../contract/users.ts'
import { useWords } from '../lib/frame.tsx'

/** How to reach somebody and where they sit; only what is known. */
export function CallerFacts({ summary, user }: { summary: UserSummary | User; user: User | undefined }) {
  const { person } = useWords()
  return (
    <dl class="facts">
      <Fact label={person.rio} value={summary.rio} strong />
      <Fact label={person.phone} value={summary.phone} href={telephone(summary.phone)} />
      {user && <Fact label={person.phone2} value={user.phone2} href={telephone(user.phone2)} />}
      <Fact label={person.mobile} value={summary.mobile} href={telephone(summary.mobile)} />
      <Fact label={person.email} value={summary.email} href={`mailto:${encodeURIComponent(summary.email)}`} />
      <Fact label={person.login} value={summary.login} />
      {user && <Fact label={person.registrationNumber} value={user.registrationNumber} />}
      <Fact label={person.entity} value={pathOf(user?.entity) ?? nameOf(summary.entity)} />
      <Fact label={person.location} value={pathOf(user?.location) ?? nameOf(summary.location)} />
    </dl>
  )
}

type Place = User['entity']

const pathOf = (place: Place | undefined) => place?.path
const nameOf = (place: Place | string) => (typeof place === 'string' ? place : (place?.name ?? ''))

/** What a telephone program is given: the first number that stands in the field. */
function telephone(number: string): string {
  const [first = ''] = number.split(/[;,]|\s[^\d\s+()./-]/)
  return `tel:${first.replace(/[^\d+*#]/g, '')}`
}

function Fact({
  label,
  value,
  href,
  strong,
}: {
  label: string
  value: string
  href?: string
  strong?: boolean
}) {
  if (value === '') return null
  const shown: ComponentChildren = strong ? <strong>{value}</strong> : value
  return (
    <div>
      <dt>{label}</dt>
      <dd class="typed">{href && !/:$/.test(href) ? <a href={href}>{shown}</a> : shown}</dd>
    </div>
  )
}
