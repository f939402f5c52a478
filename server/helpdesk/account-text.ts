import { AppError } from '../domain/errors.ts'
import { isUniqueViolation } from '../storage/dialect.ts'

/** What the columns of an account hold. */
const MAX_LENGTH = 255
const MIN_PASSWORD_LENGTH = 8

/** Throws `value-refused` where a text is not one line that fits its column: it is refused, never cut. */
export function demandFit(field: string, value: string): void {
  const refuse = (detail: string) => new AppError('value-refused', { field, detail })
  if ([...value].length > MAX_LENGTH) throw refuse(`it is longer than ${MAX_LENGTH} characters`)
  // Half a surrogate pair would be stored as another character.
  if (/\p{Cc}/u.test(value) || !value.isWellFormed()) throw refuse('it contains control characters')
}

/** A login without the white space around it, which nobody sees and MariaDB ignores. Throws `value-refused`. */
export function loginOf(typed: string): string {
  const login = typed.trim()
  if (login === '') throw new AppError('value-refused', { field: 'login', detail: 'a login cannot be empty' })
  demandFit('login', login)
  return login
}

export function demandPassword(password: string): void {
  if (password.length >= MIN_PASSWORD_LENGTH && password.length <= MAX_LENGTH) return
  throw new AppError('value-refused', {
    field: 'password',
    detail: `it has ${MIN_PASSWORD_LENGTH} to ${MAX_LENGTH} characters`,
  })
}

/** Addresses as they are kept: without white space around them, each once. Throws `value-refused`. */
export function emailsOf(typed: readonly string[]): string[] {
  const emails = typed.map((email) => email.trim())
  const refuse = (detail: string) => new AppError('value-refused', { field: 'emails', detail })
  for (const email of emails) {
    demandFit('emails', email)
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw refuse('each has the form name@domain')
  }
  if (new Set(emails.map((email) => email.toLowerCase())).size < emails.length) {
    throw refuse('an address stands there twice')
  }
  return emails
}

/** Tells the unique key of logins from other errors: throws `conflict` for it, else the error itself. */
export function loginTaken(error: unknown): never {
  if (!isUniqueViolation(error)) throw error
  throw new AppError('conflict', { field: 'login', detail: 'the login is in use' })
}
