import type { User, UserChange } from '../../contract/users.ts'

/** What the form of a person holds, as it is typed. */
export interface UserFields {
  login: string
  lastname: string
  firstname: string
  phone: string
  phone2: string
  mobile: string
  registrationNumber: string
  emails: string[]
  /** Null where the entity is gone. */
  entityId: number | null
  locationId: number | null
  /** Empty where none was chosen. */
  language: string
  enabled: boolean
  /** As the browser's control writes a local time; empty for none. */
  beginDate: string
  endDate: string
}

/** What somebody has typed over what is stored. */
export type Typed = Partial<UserFields>

export type UserField = keyof UserFields

export const NO_FIELDS: UserFields = {
  login: '',
  lastname: '',
  firstname: '',
  phone: '',
  phone2: '',
  mobile: '',
  registrationNumber: '',
  emails: [],
  entityId: null,
  locationId: null,
  language: '',
  enabled: true,
  beginDate: '',
  endDate: '',
}

const FIELDS = Object.keys(NO_FIELDS) as UserField[]

export function fieldsOf(user: User): UserFields {
  const { account, entity, location } = user
  return {
    login: user.login,
    lastname: user.lastname,
    firstname: user.firstname,
    phone: user.phone,
    phone2: user.phone2,
    mobile: user.mobile,
    registrationNumber: user.registrationNumber,
    emails: user.emails,
    entityId: entity?.id ?? null,
    locationId: location?.id ?? null,
    language: user.language,
    enabled: account.enabled,
    beginDate: localTime(account.beginDate),
    endDate: localTime(account.endDate),
  }
}

/** Only what is another value than what is stored. */
export function changesIn(typed: Typed, stored: UserFields): Typed {
  const changes: Typed = { ...typed }
  for (const field of FIELDS) {
    if (!(field in typed) || same(clean(typed[field]), stored[field])) delete changes[field]
  }
  return changes
}

/** Which fields somebody else has changed, of those that are typed over. */
export const metIn = (typed: Typed, before: UserFields, now: UserFields): UserField[] =>
  FIELDS.filter((field) => field in typed && !same(before[field], now[field]))

export function changeOf({ entityId, locationId, emails, beginDate, endDate, ...plain }: Typed): UserChange {
  return {
    ...plain,
    ...(entityId !== undefined && entityId !== null && { entityId }),
    ...(locationId !== undefined && { locationId }),
    ...(emails !== undefined && { emails: withoutBlank(emails) }),
    ...(beginDate !== undefined && { beginDate: worldTime(beginDate) }),
    ...(endDate !== undefined && { endDate: worldTime(endDate) }),
  }
}

const withoutBlank = (emails: readonly string[]) => emails.filter((email) => email.trim() !== '')

const clean = (value: Typed[UserField]) => (Array.isArray(value) ? withoutBlank(value) : value)

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** A moment as `datetime-local` writes it, to the minute. */
function localTime(time: string | null): string {
  if (time === null) return ''
  const at = new Date(time)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What a year of five digits, which the control takes, is sent as: the server says that it lies too far off. */
const TOO_FAR = '9999-12-31T23:59:59Z'

function worldTime(local: string): string | null {
  if (local === '') return null
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? TOO_FAR : `${at.toISOString().slice(0, 19)}Z`
}

/** What is still to be saved, of what was typed while the rest was on its way. */
export function leftOf(typed: Typed, sent: Typed): Typed {
  const left: Typed = { ...typed }
  for (const field of FIELDS) {
    if (field in sent && same(clean(typed[field]), clean(sent[field]))) delete left[field]
  }
  return left
}
